using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Backprop;

/// <summary>
/// Threads that wait for work and do it together with the thread that brings it. Pieces go to whichever thread is free, and
/// nobody waits for a thread that has not woken up by the time all pieces are taken. Work allocates nothing.
/// </summary>
internal sealed class WorkerGroup : IDisposable
{
    private readonly Thread[] _threads;

    // Guarded by the gate, at which workers without work sleep.
    private readonly object _gate = new();
    private IDividedWork? _work;
    private int _run;
    private int _sleeping;
    private bool _stopped;

    // The workers inside a run. They enter through the gate; the caller sleeps at the exit until they have left.
    private readonly object _exit = new();
    private int _inside;

    private int _pieces;
    private int _next;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">The number of workers. The caller of <see cref="Run"/> is one of them: worker 0.</param>
    public WorkerGroup(int count)
    {
        _threads = new Thread[count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"Backprop training {worker}" };
            _threads[i].UnsafeStart();
        }
    }

    /// <summary>The threads of the workers from 1 on.</summary>
    public IReadOnlyList<Thread> Threads => _threads;

    /// <summary>The number of workers, the caller included.</summary>
    public int Count => _threads.Length + 1;

    /// <summary>Does all pieces of some work; for one caller at a time, who then sees all that the workers wrote.</summary>
    /// <param name="work">The work.</param>
    /// <param name="pieces">The number of its pieces.</param>
    /// <exception cref="Exception">The first that a piece threw, once no other runs any more; pieces not begun were left out.</exception>
    public void Run(IDividedWork work, int pieces)
    {
        lock (_gate)
        {
            (_work, _pieces, _next) = (work, pieces, 0);
            _run++;
            if (_sleeping > 0)
                Monitor.PulseAll(_gate);
        }
        DoPieces(work, worker: 0);
        lock (_gate)
            _work = null; // Who comes now comes too late.

        for (var patience = new Patience(); Volatile.Read(ref _inside) > 0 && patience.Lasts();)
        {
        }
        lock (_exit)
        {
            while (_inside > 0)
                Monitor.Wait(_exit);
        }
        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }

    /// <summary>Ends the threads, after the work that they are at.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        foreach (Thread thread in _threads)
            thread.Join();
    }

    private void Serve(int worker)
    {
        for (int seen = 0; Enter(ref seen) is { } work;)
        {
            DoPieces(work, worker);
            if (Interlocked.Decrement(ref _inside) == 0)
            {
                lock (_exit)
                    Monitor.Pulse(_exit);
            }
        }
    }

    /// <summary>Waits for a run that the worker has not seen, and enters it; null where the threads are to end.</summary>
    private IDividedWork? Enter(ref int seen)
    {
        while (true)
        {
            for (var patience = new Patience(); Volatile.Read(ref _run) == seen && patience.Lasts();)
            {
            }
            lock (_gate)
            {
                while (_run == seen && !_stopped)
                {
                    _sleeping++;
                    Monitor.Wait(_gate);
                    _sleeping--;
                }
                if (_stopped)
                    return null;
                seen = _run;
                if (_work is { } work)
                {
                    Interlocked.Increment(ref _inside);
                    return work;
                }
            }
        }
    }

    private void DoPieces(IDividedWork work, int worker)
    {
        try
        {
            for (int piece; (piece = Interlocked.Increment(ref _next) - 1) < _pieces;)
                work.Do(piece, worker);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            Interlocked.Exchange(ref _next, _pieces);
        }
    }

    /// <summary>
    /// Looks out for 100 µs before its owner goes to sleep: the phases of a training step follow each other faster than a
    /// thread wakes up. On one processor nothing can happen while one looks.
    /// </summary>
    private struct Patience()
    {
        private static readonly long s_ticks = Environment.ProcessorCount == 1 ? 0 : Stopwatch.Frequency / 10_000;

        private readonly long _end = Stopwatch.GetTimestamp() + s_ticks;

        /// <summary>Whether to look once more, which it waits a moment for.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly bool Lasts()
        {
            Thread.SpinWait(8);
            return Stopwatch.GetTimestamp() < _end;
        }
    }
}
