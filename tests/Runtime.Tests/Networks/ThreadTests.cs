using Backprop;
using Runtime.Tests.Differential;

namespace Runtime.Tests.Networks;

/// <summary>Calls that only read the network may run on any number of threads at once; none needs a large stack.</summary>
public class ThreadTests
{
    private const int Threads = 8;

    // A quarter of what a thread has by default, and the least that a user is likely to give one.
    private const int SmallStack = 256 * 1024;

    public static TheoryData<string> Names => Declared.Names;

    [Theory, MemberData(nameof(Names))]
    public void Threads_at_once_get_the_bits_of_one_alone(string name)
    {
        GeneratedNetwork network = Declared.Create(name, seed: 5);
        int[] counts = [1, 5, 70];
        Buffers[] alone = [.. counts.Select(samples => new Buffers(network, samples))];
        float[] losses = [.. alone.Select(data => Compute(network, data))];

        using var start = new Barrier(Threads);
        string[] problems = new string[Threads];
        Run(Threads, thread =>
        {
            Buffers[] own = [.. counts.Select(samples => new Buffers(network, samples))];
            start.SignalAndWait();
            for (int repeat = 0; repeat < 10; repeat++)
            {
                int i = (thread + repeat) % counts.Length;
                float loss = Compute(network, own[i]);
                if (loss != losses[i] || !own[i].Outputs.AsSpan().SequenceEqual(alone[i].Outputs) || !own[i].Gradient.AsSpan().SequenceEqual(alone[i].Gradient)
                    || !own[i].InputGradient.AsSpan().SequenceEqual(alone[i].InputGradient))
                    problems[thread] = $"Thread {thread} got other results for {counts[i]} samples.";
            }
        });
        Assert.All(problems, Assert.Null);
    }

    /// <summary>An overflow of the stack would end the process.</summary>
    [Theory, MemberData(nameof(Names))]
    public void A_small_stack_is_enough(string name)
    {
        float loss = 0;
        Run(1, _ =>
        {
            GeneratedNetwork network = Declared.Create(name);
            var sgd = new Sgd { LearningRate = 1e-3f, Momentum = 0.9f };
            foreach (int samples in (int[])[1, 64, 200])
            {
                var data = new Buffers(network, samples);
                loss += Compute(network, data);
                loss += network.TrainStep(data.Inputs, data.Targets, 1e-3f) + network.TrainStep(data.Inputs, data.Targets, ref sgd);
            }
        });
        Assert.True(float.IsFinite(loss));
    }

    private static float Compute(GeneratedNetwork network, Buffers data)
    {
        network.Forward(data.Inputs, data.Outputs);
        network.Backward(data.Inputs, data.Targets, data.Gradient);
        return network.ComputeLoss(data.Inputs, data.Targets) + network.Backward(data.Inputs, data.Targets, data.Gradient, data.InputGradient);
    }

    private static void Run(int threads, Action<int> body)
    {
        var problems = new Exception?[threads];
        Thread[] running = [.. Enumerable.Range(0, threads).Select(i => new Thread(() =>
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
        Array.ForEach(running, thread => thread.Start());
        Array.ForEach(running, thread => thread.Join());
        Assert.All(problems, Assert.Null);
    }
}
