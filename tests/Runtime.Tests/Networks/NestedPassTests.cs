using System.Runtime.InteropServices;
using Backprop;

namespace Runtime.Tests.Networks;

/// <summary>An optimizer may call its network: a pass within a pass has scratch of its own.</summary>
public class NestedPassTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(5), InlineData(64), InlineData(130)]
    public void A_pass_within_a_step_leaves_the_step_as_it_is(int samples)
    {
        Check<StackNet>(samples);
        Check<MediumNet>(samples);
        Check<PooledNet>(samples);
    }

    private static void Check<TNetwork>(int samples) where TNetwork : class, INetwork<TNetwork>
    {
        Assert.Equal(Train<TNetwork>(samples, nested: false), Train<TNetwork>(samples, nested: true));
    }

    private static float[] Train<TNetwork>(int samples, bool nested) where TNetwork : class, INetwork<TNetwork>
    {
        TNetwork network = TNetwork.Create(seed: 1);
        float[] inputs = Draw(samples * TNetwork.InputSize), targets = Draw(samples * TNetwork.OutputSize);
        // The network that is called has other parameters and as many samples: were scratch shared, all of it would change.
        TNetwork other = TNetwork.Create(seed: 2);
        var outputs = new float[targets.Length];
        int calls = 0;
        var optimizer = new Calling(() =>
        {
            calls++;
            if (nested)
                other.Forward(inputs, outputs);
        });
        for (int step = 0; step < 3; step++)
            network.TrainStep(inputs, targets, ref optimizer);
        Assert.NotEqual(0, calls);
        var parameters = new float[TNetwork.ParameterCount];
        network.CopyParametersTo(parameters);
        return parameters;
    }

    private static float[] Draw(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }

    /// <summary>Plain gradient descent that does something else before each update.</summary>
    private readonly struct Calling(Action within) : IOptimizer
    {
        private const float Rate = 0.01f;

        public float LearningRate { get => Rate; set => throw new NotSupportedException(); }

        public void BeginStep(object network, int length)
        {
        }

        public void Update(ref float parameters, ref float gradient, int offset, int count)
        {
            within();
            Span<float> values = MemoryMarshal.CreateSpan(ref parameters, count), slopes = MemoryMarshal.CreateSpan(ref gradient, count);
            for (int i = 0; i < count; i++)
                values[i] -= Rate * slopes[i];
        }
    }
}
