using Backprop;
using Runtime.Tests.Differential;

namespace Runtime.Tests.Networks;

/// <summary>No call allocates on the managed heap, the first with an optimizer aside.</summary>
public class AllocationTests
{
    private const int Attempts = 5;

    public static TheoryData<string> Names => Declared.Names;

    [Theory, MemberData(nameof(Names))]
    public void No_call_allocates(string name)
    {
        GeneratedNetwork network = Declared.Create(name);
        foreach (int samples in (int[])[1, 3, 64, 130])
        {
            var data = new Buffers(network, samples);
            var sgd = new Sgd { LearningRate = 1e-3f, Momentum = 0.9f };
            var adam = new Adam { LearningRate = 1e-3f };
            (string What, Action Call)[] calls =
            [
                ("Forward", () => network.Forward(data.Inputs, data.Outputs)),
                ("ComputeLoss", () => network.ComputeLoss(data.Inputs, data.Targets)),
                ("Backward", () => network.Backward(data.Inputs, data.Targets, data.Gradient)),
                ("Backward with input gradient", () => network.Backward(data.Inputs, data.Targets, data.Gradient, data.InputGradient)),
                ("TrainStep", () => network.TrainStep(data.Inputs, data.Targets, 1e-3f)),
                ("TrainStep with momentum", () => network.TrainStep(data.Inputs, data.Targets, ref sgd)),
                ("TrainStep with Adam", () => network.TrainStep(data.Inputs, data.Targets, ref adam)),
                ("CopyParametersTo", () => network.CopyParametersTo(data.Parameters)),
                ("LoadParameters", () => network.LoadParameters(data.Parameters)),
            ];
            foreach ((string what, Action call) in calls)
            {
                call();
                // A collection that another test's thread starts meanwhile retires this thread's allocation context, which
                // counts as some bytes. What a call allocates, it allocates every time.
                long least = Enumerable.Range(0, Attempts).Min(_ => Allocated(call));
                Assert.True(least == 0, $"{what} of {samples} samples allocates {least} bytes");
            }
        }
    }

    /// <summary>As many threads as there are, one after the other, share the buffers that are there.</summary>
    [Theory, MemberData(nameof(Names))]
    public void A_new_thread_allocates_nothing(string name)
    {
        GeneratedNetwork network = Declared.Create(name);
        var data = new Buffers(network, samples: 64);
        network.Backward(data.Inputs, data.Targets, data.Gradient);
        Action call = () => network.Backward(data.Inputs, data.Targets, data.Gradient);
        var allocated = new long[Environment.ProcessorCount + Attempts];
        for (int i = 0; i < allocated.Length; i++)
        {
            int thread = i;
            var running = new Thread(() => allocated[thread] = Allocated(call));
            running.Start();
            running.Join();
        }
        // A collection may count as some bytes here too; a buffer is some thousand.
        Assert.All(allocated, bytes => Assert.InRange(bytes, 0, 1000));
    }

    private static long Allocated(Action call)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
