using System.Diagnostics;
using System.Globalization;

namespace Backprop.Benchmarks.Peers;

/// <summary>The stopwatch of all C# measurements; the same scheme as MEASURE in <c>workload.h</c>.</summary>
public static class Timer
{
    private const int Blocks = 9;

    private static readonly double BlockSeconds =
        double.Parse(Environment.GetEnvironmentVariable("PEERS_BLOCK_SECONDS") ?? "0.01", CultureInfo.InvariantCulture);

    /// <summary>Long enough for the JIT, which waits and counts calls before it compiles in the background.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// Nanoseconds of one call: warms up, doubles the number of calls until a block of them lasts long enough, then takes
    /// the median of nine blocks.
    /// </summary>
    /// <param name="calls">Makes the given number of calls.</param>
    public static double Nanoseconds(Action<int> calls)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
            calls(8);
        int count = 1;
        while (Seconds(count) < BlockSeconds)
            count *= 2;
        var blocks = new double[Blocks];
        for (int i = 0; i < Blocks; i++)
            blocks[i] = Seconds(count) / count * 1e9;
        Array.Sort(blocks);
        return blocks[Blocks / 2];

        double Seconds(int count)
        {
            long start = Stopwatch.GetTimestamp();
            calls(count);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
