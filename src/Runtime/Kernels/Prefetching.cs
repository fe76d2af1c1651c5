using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>Asks for memory before it is read: weights that a single sample's product reads from beyond the first-level cache, each once, and rows that lie anywhere.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Prefetching
{
    /// <summary>The floats of a cache line.</summary>
    internal const int FloatsInLine = 16;

    // 2 KiB.
    private const int Distance = 32 * FloatsInLine;

    /// <summary>Asks for the cache lines that lie a fixed distance beyond a row of a panel, where that pays. Where there is no memory nothing happens.</summary>
    /// <remarks>
    /// AMD's processors follow a stream by themselves, but at three quarters of what the second-level cache can give; Intel's at nine tenths, and at eight if asked
    /// (784-128-10 without and with it: Zen 5 1,890 and 1,640 ns, Emerald Rapids 3,050 and 3,400).
    /// </remarks>
    /// <param name="row">The first weight of the row, which begins a cache line.</param>
    /// <param name="width">Its floats, at most 64; a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Beyond(ref float row, int width)
    {
        if (!Sse.IsSupported || !Processor.IsAmd) return;
        Fetch(ref row, Distance);
        if (width > FloatsInLine) Fetch(ref row, Distance + FloatsInLine);
        if (width > 2 * FloatsInLine) Fetch(ref row, Distance + 2 * FloatsInLine);
        if (width > 3 * FloatsInLine) Fetch(ref row, Distance + 3 * FloatsInLine);
    }

    /// <summary>
    /// Asks for a float of the panel that a batch's tiles come to next, where that pays: while its samples go through one panel, 64 units wide, each has as many of the next
    /// fetched into the second-level cache as it has inputs, which makes a panel for every 64.
    /// </summary>
    /// <remarks>
    /// The third-level cache of Intel's processors is shared by all cores and far: 784-512-256-10 in batches takes 5 % less with it. (On AMD's, where such batches are within
    /// 4 % of the multiply-adds' peak, this was not tried.)
    /// </remarks>
    /// <param name="panel">Any number of the panel that they are at.</param>
    /// <param name="index">How far beyond it the float is.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void NextPanel(ref float panel, int index)
    {
        if (Sse.IsSupported && Processor.IsIntel) Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref panel, index)));
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
}
