using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Kernels;

/// <summary>Asks for memory before it is read: weights that a single sample's product reads from beyond the first-level cache, each once, and rows that lie anywhere.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Prefetching
{
    /// <summary>The floats of a cache line.</summary>
    internal const int FloatsInLine = 16;

    // 2 KiB.
    private const int Distance = 32 * FloatsInLine;

    // Set by Prepare, not by an initialiser: code that is compiled before a class has run its own asks in every round of a loop whether it has, with all
    // sums in memory (784-128-10 then takes 5,300 ns, not 3,050).
    private static bool s_asksAhead;

    /// <summary>Decides whether it pays on this processor to ask ahead. To be called before a kernel runs.</summary>
    internal static void Prepare() => s_asksAhead = Processor.FollowsStreamsSlowly;

    /// <summary>Asks for the cache lines that lie a fixed distance beyond a row of a panel, where that pays. Where there is no memory nothing happens.</summary>
    /// <param name="row">The first weight of the row, which begins a cache line.</param>
    /// <param name="width">Its floats, at most 64; a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Beyond(ref float row, int width)
    {
        if (!Sse.IsSupported || !s_asksAhead) return;
        Fetch(ref row, Distance);
        if (width > FloatsInLine) Fetch(ref row, Distance + FloatsInLine);
        if (width > 2 * FloatsInLine) Fetch(ref row, Distance + 2 * FloatsInLine);
        if (width > 3 * FloatsInLine) Fetch(ref row, Distance + 3 * FloatsInLine);
    }

    /// <summary>Asks for a row.</summary>
    /// <param name="row">The first float of the row.</param>
    /// <param name="width">Its floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Whole(ref float row, int width)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < width; i += FloatsInLine)
            Fetch(ref row, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Fetch(ref float row, int index) => Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref row, index)));

    private static class Processor
    {
        /// <summary>
        /// Whether it is one of AMD's. They follow a stream by themselves, but at three quarters of what the second-level cache can give; Intel's at nine
        /// tenths, and at eight if asked (784-128-10 without and with it: Zen 5 1,890 and 1,640 ns, Emerald Rapids 3,050 and 3,400).
        /// </summary>
        public static readonly bool FollowsStreamsSlowly = X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == BitConverter.ToInt32("Auth"u8); // AuthenticAMD
    }
}
