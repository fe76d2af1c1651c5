using System.Collections.Concurrent;
using Backprop;
using Backprop.Kernels;

namespace Runtime.Tests.Kernels;

/// <summary>The pool of scratch buffers, by one thread and by many.</summary>
public class ScratchPoolTests
{
    [Fact]
    public void OneThreadGetsTheSameBufferWithoutAllocating()
    {
        var pool = new ScratchPool(100);
        AlignedBuffer first = pool.Rent();
        Assert.Equal(100, first.Length);
        pool.Return(first);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            AlignedBuffer again = pool.Rent();
            Assert.True(ReferenceEquals(first, again));
            pool.Return(again);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void BuffersInUseAreDistinctAndAreKept()
    {
        var pool = new ScratchPool(1);
        AlignedBuffer[] rented = Enumerable.Range(0, ScratchPool.Slots).Select(_ => pool.Rent()).ToArray();
        Assert.Equal(ScratchPool.Slots, rented.Distinct().Count());
        foreach (AlignedBuffer buffer in rented)
            pool.Return(buffer);

        AlignedBuffer[] again = Enumerable.Range(0, ScratchPool.Slots).Select(_ => pool.Rent()).ToArray();
        Assert.Equal(rented.ToHashSet(), again.ToHashSet());
    }

    [Fact]
    public void MoreBuffersThanSlotsAreServed()
    {
        var pool = new ScratchPool(1);
        AlignedBuffer[] rented = Enumerable.Range(0, ScratchPool.Slots + 10).Select(_ => pool.Rent()).ToArray();
        Assert.Equal(rented.Length, rented.Distinct().Count());
        foreach (AlignedBuffer buffer in rented)
            pool.Return(buffer);
        AlignedBuffer[] again = Enumerable.Range(0, rented.Length).Select(_ => pool.Rent()).ToArray();
        Assert.Equal(rented.Length, again.Distinct().Count());
        Assert.Equal(ScratchPool.Slots, again.Intersect(rented).Count());
    }

    /// <summary>No two threads ever hold the same buffer, and there are never more buffers than threads.</summary>
    [Fact]
    public void ManyThreadsShareAsFewBuffersAsThreads()
    {
        const int threads = 8, rounds = 20_000;
        var pool = new ScratchPool(1);
        var seen = new ConcurrentDictionary<AlignedBuffer, bool>();
        var clashes = 0;
        Thread[] workers = Enumerable.Range(1, threads).Select(id => new Thread(() =>
        {
            for (int i = 0; i < rounds; i++)
            {
                AlignedBuffer buffer = pool.Rent();
                seen.TryAdd(buffer, true);
                Volatile.Write(ref buffer.Reference, id);
                Thread.SpinWait(i % 20);
                if (Volatile.Read(ref buffer.Reference) != id)
                    Interlocked.Increment(ref clashes);
                pool.Return(buffer);
            }
        })).ToArray();
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        Assert.Equal(0, clashes);
        Assert.InRange(seen.Count, 1, threads);
    }
}
