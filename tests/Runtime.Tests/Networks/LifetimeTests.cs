using System.Runtime.CompilerServices;
using Backprop;
using Runtime.Tests.Differential;

namespace Runtime.Tests.Networks;

/// <summary>A network is where its parameters are known by address alone: a call keeps them, even if nobody holds the network any more.</summary>
public class LifetimeTests
{
    // Beside tests that compile networks, whose heap is large, a collection takes as long as many calls, and stops all other tests.
    private const int Calls = 200, Collections = 25;

    public static TheoryData<string> Names => Declared.Names;

    [Theory, MemberData(nameof(Names))]
    public void Parameters_are_there_until_the_last_call_ends(string name)
    {
        var data = new Buffers(Declared.Create(name, seed: 3), samples: 5);
        Compute(name, data);
        float[] outputs = [.. data.Outputs], gradient = [.. data.Gradient];

        using var stop = new CancellationTokenSource();
        var collecting = new Thread(() => Collect(stop.Token));
        collecting.Start();
        try
        {
            int last = GC.CollectionCount(2) + Collections;
            for (int i = 0; i < Calls && GC.CollectionCount(2) < last; i++)
            {
                Compute(name, data);
                Assert.Equal(outputs, data.Outputs);
                Assert.Equal(gradient, data.Gradient);
            }
        }
        finally
        {
            stop.Cancel();
            collecting.Join();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Compute(string name, Buffers data)
    {
        Declared.Create(name, seed: 3).Forward(data.Inputs, data.Outputs);
        Declared.Create(name, seed: 3).Backward(data.Inputs, data.Targets, data.Gradient);
    }

    // What is free is soon something else: arrays of NaN, where pinned ones are.
    private static void Collect(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: false); // what is pinned does not move
            for (int length = 16; length < 40_000; length *= 2)
                GC.AllocateArray<float>(length, pinned: true).AsSpan().Fill(float.NaN);
            Thread.Sleep(1); // or nothing else would run
        }
    }
}
