using Backprop;
using Runtime.Tests.Differential;
using Runtime.Tests.Networks;

namespace Runtime.Tests.Misuse;

/// <summary>
/// The largest shapes on the smallest stack, at every width, the first call included, whose methods are compiled on that stack
/// too; and more threads at once than the scratch pool keeps buffers for.
/// </summary>
[Collection(nameof(MisusedNetworks))]
public class StackAndThreadTests
{
    private const int SmallStack = 256 * 1024;

    // More than ScratchPool.Slots.
    private const int Threads = 70;

    private static readonly IReadOnlyList<NetworkSpec> s_large =
    [
        // The widest: an entry point that kept a row of it on the stack would need more than there is.
        new(3, [new(120_000, Activation.Tanh), new(2)]),
        new(100_000, [new(20, Activation.ReLU), new(7, Activation.Softmax)]) { Loss = Loss.CrossEntropy },
        // The deepest, of the functions that inline most, in slices as large as they may be.
        new(64, [.. Enumerable.Repeat(new DenseSpec(64, Activation.Mish), 7), new(64, Activation.GELUTanh)]) { BatchSize = 4096 },
        // The longest methods: all of it written out.
        new(128, [new(128, Activation.GELU), new(64, Activation.Sigmoid)]) { Loss = Loss.BinaryCrossEntropy, Unroll = Unroll.Full },
    ];

    [Fact]
    public void A_small_stack_is_enough_for_the_largest_shapes()
    {
        CompiledNetworks networks = CompiledNetworks.Compile(s_large);
        float loss = 0;
        foreach (int lanes in CompiledNetworks.Widths)
        {
            networks.Force(lanes);
            for (int i = 0; i < s_large.Count; i++)
            {
                int network = i;
                OnSmallStacks(1, _ => loss += Compute(networks.Create(network), s_large[network].Inputs > 1000 || s_large[network].Layers[0].Units > 1000 ? 3 : 100));
            }
        }
        Assert.True(float.IsFinite(loss));
    }

    /// <summary>All in the same call at the same time, on one network, at every width.</summary>
    [Theory, MemberData(nameof(MisusedNetworks.Indices), MemberType = typeof(MisusedNetworks))]
    public void Many_threads_at_once_get_the_bits_of_one_alone(int index)
    {
        foreach (int lanes in CompiledNetworks.Widths)
        {
            MisusedNetworks.Compiled.Force(lanes);
            GeneratedNetwork network = MisusedNetworks.Compiled.Create(index, seed: 3);
            var data = new Buffers(network, samples: 33);
            float[] alone = Read(network, data);
            using var start = new Barrier(Threads);
            OnSmallStacks(Threads, _ =>
            {
                start.SignalAndWait();
                for (int repeat = 0; repeat < 3; repeat++)
                    Assert.True(alone.AsSpan().SequenceEqual(Read(network, data)), $"{lanes} lanes: a thread got other results");
            });
        }
    }

    /// <summary>What reads the network only: inputs and targets are shared, results are the caller's.</summary>
    private static float[] Read(GeneratedNetwork network, Buffers data)
    {
        var results = new float[data.Outputs.Length + data.Gradient.Length + data.InputGradient.Length + 2];
        Span<float> outputs = results.AsSpan(0, data.Outputs.Length), gradient = results.AsSpan(outputs.Length, data.Gradient.Length);
        network.Forward(data.Inputs, outputs);
        results[^1] = network.ComputeLoss(data.Inputs, data.Targets);
        results[^2] = network.Backward(data.Inputs, data.Targets, gradient, results.AsSpan(outputs.Length + gradient.Length, data.InputGradient.Length));
        return results;
    }

    private static float Compute(GeneratedNetwork network, int samples)
    {
        float loss = 0;
        foreach (int count in (int[])[1, samples])
        {
            float[] x = new float[count * network.InputSize], t = new float[count * network.OutputSize];
            float[] y = new float[t.Length], gradient = new float[network.ParameterCount], inputGradient = new float[x.Length];
            Array.Fill(x, 0.01f);
            network.Forward(x, y);
            loss += network.ComputeLoss(x, t) + network.Backward(x, t, gradient, inputGradient);
            var adam = new Adam();
            loss += network.TrainStep(x, t, 1e-6f) + network.TrainStep(x, t, ref adam);
        }
        return loss;
    }

    private static void OnSmallStacks(int count, Action<int> body)
    {
        var problems = new Exception?[count];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                body(i);
            }
            catch (Exception problem)
            {
                problems[i] = problem;
            }
        }, SmallStack))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(problems, Assert.Null);
    }
}
