using Backprop;
using Runtime.Tests.Differential;
using Runtime.Tests.Networks;

namespace Runtime.Tests.Misuse;

/// <summary>
/// No member reads or writes an element before or after a span that it is given, at any width, for one sample, for remainders, for
/// a slice and for more; and where a span lies makes no difference in any bit.
/// </summary>
[Collection(nameof(MisusedNetworks))]
public class GuardPageTests
{
    private static readonly int[] s_samples = [1, 2, 3, 17, 64, 131];

    [GuardedTheory, MemberData(nameof(MisusedNetworks.Indices), MemberType = typeof(MisusedNetworks))]
    public void Members_stay_within_their_spans(int index)
    {
        GeneratedNetwork network = MisusedNetworks.Compiled.Create(index, seed: 2);
        foreach (int samples in s_samples)
        {
            var data = new Buffers(network, samples);
            foreach (int lanes in CompiledNetworks.Widths)
            {
                MisusedNetworks.Compiled.Force(lanes);
                float[] expected = MemberCalls.Run(network, data, place: null);
                foreach (bool atEnd in (bool[])[false, true])
                {
                    float[] results = MemberCalls.Run(network, data, content => new GuardedFloats(content, atEnd));
                    Assert.True(expected.AsSpan().SequenceEqual(results), $"{lanes} lanes, {samples} samples: other results beside a guard page");
                }
            }
        }
    }

    /// <summary>Threads take their samples from the caller's spans too.</summary>
    [GuardedTheory, InlineData(false), InlineData(true)]
    public void Training_threads_stay_within_their_spans(bool atEnd)
    {
        PooledNet alone = new(seed: 1), together = new(seed: 1);
        var data = new Buffers(Declared.Create(nameof(PooledNet), seed: 1), samples: 131);
        using var threads = new TrainingThreads(3);
        using var inputs = new GuardedFloats(data.Inputs, atEnd);
        using var targets = new GuardedFloats(data.Targets, atEnd);
        Assert.Equal(alone.TrainStep(data.Inputs, data.Targets, 0.01f), threads.TrainStep(together, inputs.Span, targets.Span, 0.01f));
        Assert.True(inputs.IsIntact && targets.IsIntact);
        float[] expected = new float[PooledNet.ParameterCount], found = new float[PooledNet.ParameterCount];
        alone.CopyParametersTo(expected);
        together.CopyParametersTo(found);
        Assert.Equal(expected, found);
    }
}
