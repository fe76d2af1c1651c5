using System.Diagnostics;
using System.Globalization;

namespace Backprop.Benchmarks.Peers;

/// <summary>The stopwatch of all C# measurements; the same scheme as MEASURE in <c>workload.h</c>.</summary>
public static class Timer
{
    // The best of many short blocks: what the code takes where neighbours leave it alone for half a millisecond.
    private static readonly bool TakesBest = Environment.GetEnvironmentVariable("PEERS_BEST") == "1";

    private static readonly int Blocks = TakesBest ? 600 : 9;

    private static readonly double BlockSeconds = TakesBest ? 0.0005
        : double.Parse(Environment.GetEnvironmentVariable("PEERS_BLOCK_SECONDS") ?? "0.01", CultureInfo.InvariantCulture);

    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMilliseconds(400);

    /// <summary>Makes calls until the JIT, which waits and counts before it compiles in the background, has what it needs.</summary>
    /// <param name="calls">Makes the given number of calls.</param>
    public static void WarmUp(Action<int> calls)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUpTime;)
            calls(8);
    }

    /// <summary>
    /// Binds the calling thread to the core that PEERS_CORE names, if it does. That comes after the warm-up: before it, the
    /// JIT's own thread would have to share the core.
    /// </summary>
    public static void Pin()
    {
        if (OperatingSystem.IsLinux() && int.TryParse(Environment.GetEnvironmentVariable("PEERS_CORE"), out int core))
            Process.GetCurrentProcess().ProcessorAffinity = 1 << core;
    }

    /// <summary>
    /// Nanoseconds of one call: doubles the number of calls until a block of them lasts long enough, then takes the median
    /// of nine blocks; with PEERS_BEST=1 the best of 600 short ones.
    /// </summary>
    /// <param name="calls">Makes the given number of calls.</param>
    public static double Nanoseconds(Action<int> calls)
    {
        int count = 1;
        while (Math.Min(Seconds(count), Seconds(count)) < BlockSeconds) // Of two, as the first call or another process may take long.
            count *= 2;
        var blocks = new double[Blocks];
        for (int i = 0; i < Blocks; i++)
            blocks[i] = Seconds(count) / count * 1e9;
        Array.Sort(blocks);
        return TakesBest ? blocks[0] : blocks[Blocks / 2];

        double Seconds(int count)
        {
            long start = Stopwatch.GetTimestamp();
            calls(count);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
