using System.Diagnostics;
using System.Globalization;

namespace Backprop.Benchmarks.Peers;

/// <summary>The stopwatch of all C# measurements; the same scheme as MEASURE in <c>workload.h</c>.</summary>
public static class Timer
{
    private const int Blocks = 9;

    private static readonly double BlockSeconds =
        double.Parse(Environment.GetEnvironmentVariable("PEERS_BLOCK_SECONDS") ?? "0.01", CultureInfo.InvariantCulture);

    /// <summary>
    /// Nanoseconds of one call: doubles the number of calls until a block of them lasts long enough, then takes the median
    /// of nine blocks.
    /// </summary>
    /// <param name="calls">Makes the given number of calls.</param>
    public static double Nanoseconds(Action<int> calls)
    {
        int count = 1;
        // The JIT replaces the loop around the calls in the background; the first blocks give it the time.
        for (int settled = 0; settled < 3; count *= settled == 0 ? 2 : 1)
        {
            if (Seconds(count) > BlockSeconds)
                settled++;
        }
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
