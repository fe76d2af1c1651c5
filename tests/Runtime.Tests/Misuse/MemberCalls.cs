using Backprop;
using Runtime.Tests.Differential;
using Runtime.Tests.Networks;

namespace Runtime.Tests.Misuse;

/// <summary>Every member of a network once, on arguments that lie where a test wants them.</summary>
internal static class MemberCalls
{
    /// <summary>Makes memory for an argument, whose content is that of the array.</summary>
    public delegate GuardedFloats Place(float[] content);

    /// <summary>Calls every member, and gives all that they write and return, one after the other.</summary>
    /// <param name="network">The network; its parameters are those of <paramref name="data"/> again at the end.</param>
    /// <param name="data">What it is given.</param>
    /// <param name="place">Where each argument lies; null for the arrays themselves.</param>
    public static float[] Run(GeneratedNetwork network, Buffers data, Place? place)
    {
        var results = new List<float>();
        Step([data.Parameters], [], a => network.LoadParameters(a[0]));
        Step([data.Inputs], [data.Outputs], a => network.Forward(a[0], a[1]));
        Step([data.Inputs, data.Targets], [], a => results.Add(network.ComputeLoss(a[0], a[1])));
        Step([data.Inputs, data.Targets], [data.Gradient], a => results.Add(network.Backward(a[0], a[1], a[2])));
        Step([data.Inputs, data.Targets], [data.Gradient, data.InputGradient], a => results.Add(network.Backward(a[0], a[1], a[2], a[3])));
        Step([data.Inputs, data.Targets], [], a => results.Add(network.TrainStep(a[0], a[1], 0.01f)));
        Step([], [new float[network.ParameterCount]], a => network.CopyParametersTo(a[0]));
        network.LoadParameters(data.Parameters);
        var optimizer = new Sgd { LearningRate = 0.01f, Momentum = 0.9f };
        Step([data.Inputs, data.Targets], [], a => results.Add(network.TrainStep(a[0], a[1], ref optimizer)));
        Step([], [new float[network.ParameterCount]], a => network.CopyParametersTo(a[0]));
        network.LoadParameters(data.Parameters);
        return [.. results];

        void Step(float[][] read, float[][] written, Action<Arguments> call)
        {
            using var arguments = new Arguments([.. read, .. written], place);
            call(arguments);
            for (int i = 0; i < read.Length; i++)
                Assert.True(arguments[i].SequenceEqual(read[i]), "an argument that is read was changed");
            for (int i = read.Length; i < read.Length + written.Length; i++)
                results.AddRange(arguments[i]);
        }
    }

    /// <summary>The arguments of one call.</summary>
    private sealed class Arguments(float[][] arrays, Place? place) : IDisposable
    {
        private readonly GuardedFloats[]? _placed = place is null ? null : [.. arrays.Select(array => place(array))];

        public Span<float> this[int i] => _placed is null ? arrays[i] : _placed[i].Span;

        public void Dispose()
        {
            foreach (GuardedFloats argument in _placed ?? [])
            {
                Assert.True(argument.IsIntact, "something was written beside an argument");
                argument.Dispose();
            }
        }
    }
}
