using Backprop;
using Runtime.Tests.Differential;
using Runtime.Tests.Networks;

namespace Runtime.Tests.Misuse;

/// <summary>
/// NaN and infinities are not refused: results are what the formulas give for them in floating point, for the sample that has them
/// and no other, and no later call is the worse for it.
/// </summary>
[Collection(nameof(MisusedNetworks))]
public class NotFiniteTests
{
    // A remainder of every width's lanes, with the bad sample in its midst.
    private const int Samples = 21;

    private static readonly float[] s_values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    private static readonly Lazy<CompiledNetworks> s_networks = new(() => CompiledNetworks.Compile([.. Specs()]));

    private static CompiledNetworks Networks => s_networks.Value;

    /// <summary>In an input: every result is NaN, infinite or finite where the reference engine's is, and the other samples' keep their bits.</summary>
    [Fact]
    public void In_an_input() => Each((network, data, value, samples, what) =>
    {
        Results clean = Compute(network, data);
        data.Inputs[network.InputSize * (samples / 2) + network.InputSize / 2] = value;
        Results found = Compute(network, data), exact = Exact(network, data);
        Assert.True(SameKinds(exact.Outputs, found.Outputs), $"{what}: outputs");
        Assert.True(SameKinds([exact.Loss], [found.Loss]), $"{what}: loss");
        Assert.True(SameKinds(exact.Gradient, found.Gradient), $"{what}: gradient");
        Assert.True(SameKinds(exact.InputGradient, found.InputGradient), $"{what}: input gradient");
        AssertOthersKeepTheirBits(network, clean, found, samples, what);
    });

    /// <summary>In a target: what is not finite for the reference engine is not finite, and the other samples keep their bits.</summary>
    [Fact]
    public void In_a_target() => Each((network, data, value, samples, what) =>
    {
        Results clean = Compute(network, data);
        data.Targets[network.OutputSize * (samples / 2)] = value;
        Results found = Compute(network, data), exact = Exact(network, data);
        Assert.True(Same(clean.Outputs, found.Outputs), $"{what}: outputs");
        AssertNotFinite([exact.Loss], [found.Loss], $"{what}: loss");
        AssertNotFinite(exact.Gradient, found.Gradient, $"{what}: gradient");
        AssertNotFinite(exact.InputGradient, found.InputGradient, $"{what}: input gradient");
        AssertOthersKeepTheirBits(network, clean, found, samples, what);
    });

    /// <summary>In a parameter: outputs and loss as the reference engine's; what of the gradient is not finite there is not finite.</summary>
    [Fact]
    public void In_a_parameter() => Each((network, data, value, _, what) =>
    {
        float[] parameters = network.Parameters, changed = [.. parameters];
        changed[1] = value;
        network.LoadParameters(changed);
        Results found = Compute(network, data), exact = Exact(network, data);
        Assert.True(SameKinds(exact.Outputs, found.Outputs), $"{what}: outputs");
        Assert.True(SameKinds([exact.Loss], [found.Loss]), $"{what}: loss");
        AssertNotFinite(exact.Gradient, found.Gradient, $"{what}: gradient");
        AssertNotFinite(exact.InputGradient, found.InputGradient, $"{what}: input gradient");
        network.LoadParameters(parameters);
    });

    /// <summary>Whatever was not finite, scratch memory and padding hand none of it on: with its parameters loaded again a network is as new.</summary>
    [Fact]
    public void Nothing_stays_behind() => Each((network, data, value, samples, what) =>
    {
        float[] clean = MemberCalls.Run(network, data, place: null);
        float[] inputs = [.. data.Inputs], targets = [.. data.Targets];
        Array.Fill(data.Inputs, value);
        data.Targets[^1] = value;
        MemberCalls.Run(network, data, place: null);
        var adam = new Adam();
        network.TrainStep(data.Inputs, data.Targets, ref adam);
        inputs.CopyTo(data.Inputs, 0);
        targets.CopyTo(data.Targets, 0);
        Assert.True(Same(clean, MemberCalls.Run(network, data, place: null)), $"{what}: other results than before");
    });

    private static void Each(Action<GeneratedNetwork, Buffers, float, int, string> test)
    {
        for (int i = 0; i < Networks.Specs.Count; i++)
        {
            GeneratedNetwork network = Networks.Create(i, seed: 1);
            foreach (int samples in (int[])[1, Samples])
            {
                foreach (float value in s_values)
                {
                    var data = new Buffers(network, samples);
                    float[] inputs = [.. data.Inputs], targets = [.. data.Targets];
                    foreach (int lanes in CompiledNetworks.Widths)
                    {
                        Networks.Force(lanes);
                        test(network, data, value, samples, $"{value} of {samples} samples, {lanes} lanes, {NetworkSource.Declare(network.Spec, "Net")}");
                        inputs.CopyTo(data.Inputs, 0);
                        targets.CopyTo(data.Targets, 0);
                    }
                }
            }
        }
    }

    // Every activation and loss, with units in the lanes or with samples in the lanes; on a build server, with both.
    private static IEnumerable<NetworkSpec> Specs()
    {
        bool all = Environment.GetEnvironmentVariable("CI") == "true";
        bool narrow = false;
        // A layer whose weights a batch turns round, with a tail.
        yield return new(5, [new(37, Activation.ReLU), new(3, Activation.Tanh), new(2)]);
        foreach (Activation[] pair in Enum.GetValues<Activation>().Where(activation => activation != Activation.Softmax).Chunk(2))
        {
            narrow = !narrow;
            if (narrow || all)
                yield return new(2, [new(3, pair[0]), new(4, pair[^1]), new(1)]);
            if (!narrow || all)
                yield return new(5, [new(19, pair[0]), new(33, pair[^1]), new(3)]);
        }
        foreach (Loss loss in Enum.GetValues<Loss>())
        {
            Activation last = loss == Loss.CrossEntropy ? Activation.Softmax : loss == Loss.BinaryCrossEntropy ? Activation.Sigmoid : Activation.Identity;
            narrow = !narrow;
            if (narrow || all)
                yield return new(2, [new(3, Activation.Tanh), new(2, last)]) { Loss = loss };
            if (!narrow || all)
                yield return new(7, [new(18, Activation.ReLU), new(17, last)]) { Loss = loss };
            yield return new(narrow ? 27 : 71, [new(narrow ? 1 : 6, last)]) { Loss = loss };
        }
    }

    private static Results Compute(GeneratedNetwork network, Buffers data)
    {
        network.Forward(data.Inputs, data.Outputs);
        float loss = network.Backward(data.Inputs, data.Targets, data.Gradient, data.InputGradient);
        Assert.True(SameKinds([loss], [network.ComputeLoss(data.Inputs, data.Targets)]), "Backward and ComputeLoss");
        return new([.. data.Outputs], loss, [.. data.Gradient], [.. data.InputGradient]);
    }

    private static Results Exact(GeneratedNetwork network, Buffers data)
    {
        var reference = new ReferenceNetwork(network.Spec);
        reference.LoadParameters(Problem.Widen(network.Parameters));
        double[] x = Problem.Widen(data.Inputs), t = Problem.Widen(data.Targets);
        double[] outputs = new double[t.Length], gradient = new double[network.ParameterCount], inputGradient = new double[x.Length];
        reference.Forward(x, outputs);
        double loss = reference.Backward(x, t, gradient, inputGradient);
        return new(Problem.Narrow(outputs), (float)loss, Problem.Narrow(gradient), Problem.Narrow(inputGradient));
    }

    private static void AssertOthersKeepTheirBits(GeneratedNetwork network, Results clean, Results found, int samples, string what)
    {
        for (int sample = 0; sample < samples; sample++)
        {
            if (sample == samples / 2)
                continue;
            Range y = (sample * network.OutputSize)..((sample + 1) * network.OutputSize), x = (sample * network.InputSize)..((sample + 1) * network.InputSize);
            Assert.True(Same(clean.Outputs[y], found.Outputs[y]), $"{what}: outputs of sample {sample}");
            Assert.True(Same(clean.InputGradient[x], found.InputGradient[x]), $"{what}: input gradient of sample {sample}");
        }
    }

    private static void AssertNotFinite(float[] exact, float[] found, string what)
    {
        for (int i = 0; i < exact.Length; i++)
            Assert.True(float.IsFinite(exact[i]) || !float.IsFinite(found[i]), $"{what} [{i} of {exact.Length}] is {found[i]}, {exact[i]} by the reference engine");
    }

    // NaN is NaN, whatever its payload.
    private static bool Same(float[] expected, float[] found) => expected.Length == found.Length && expected.Zip(found, (a, b) => a.Equals(b)).All(same => same);

    private static bool SameKinds(float[] expected, float[] found) =>
        expected.Zip(found, (a, b) => float.IsFinite(a) ? float.IsFinite(b) : a.Equals(b)).All(same => same);

    private sealed record Results(float[] Outputs, float Loss, float[] Gradient, float[] InputGradient);
}
