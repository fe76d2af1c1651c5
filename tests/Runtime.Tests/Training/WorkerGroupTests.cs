using Backprop;

namespace Runtime.Tests.Training;

public class WorkerGroupTests
{
    /// <summary>Counts how often each piece was done, and whether two were done at once by one worker.</summary>
    private sealed class Counted(int workers) : IDividedWork
    {
        private readonly int[] _at = new int[workers];

        public int[] Done { get; } = new int[40];

        public bool Clashed { get; private set; }

        public void Do(int piece, int worker)
        {
            Clashed |= Interlocked.Increment(ref _at[worker]) != 1;
            Interlocked.Increment(ref Done[piece]);
            Clashed |= Interlocked.Decrement(ref _at[worker]) != 0;
        }
    }

    // Runs follow each other at once, or after the threads have gone to sleep, or when they are about to.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryPieceIsDoneOnceBeforeRunReturns(int workers)
    {
        using var group = new WorkerGroup(workers);
        Assert.Equal(workers, group.Count);
        var work = new Counted(workers);
        var random = new Random(1);
        for (int run = 0; run < 3000; run++)
        {
            int pieces = random.Next(work.Done.Length);
            group.Run(work, pieces);
            for (int piece = 0; piece < work.Done.Length; piece++)
                Assert.Equal(piece < pieces ? 1 : 0, work.Done[piece]);
            Array.Clear(work.Done);
            if (run % 100 == 0)
                Thread.Sleep(1);
            else if (run % 10 == 0)
                Thread.SpinWait(random.Next(20_000));
        }
        Assert.False(work.Clashed);
    }

    /// <summary>Pieces that wait for each other: one for each worker.</summary>
    private sealed class Meeting(int workers) : IDividedWork
    {
        private readonly Barrier _barrier = new(workers);

        public void Do(int piece, int worker)
        {
            _barrier.SignalAndWait();
            if (worker == workers - 1)
                throw new NotSupportedException();
        }
    }

    [Fact]
    public void AllWorkersWorkAtOnceAndWhatOneThrowsReachesTheCaller()
    {
        using var group = new WorkerGroup(4);
        var meeting = new Meeting(4);
        for (int run = 0; run < 100; run++)
            Assert.Throws<NotSupportedException>(() => group.Run(meeting, 4));
        group.Run(new Counted(4), 10);
    }
}
