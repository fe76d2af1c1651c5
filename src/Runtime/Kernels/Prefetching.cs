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

    // 2 KiB. The processor follows such a stream by itself, but at three quarters of what the second-level cache can give.
    private const int Distance = 32 * FloatsInLine;

    /// <summary>Asks for the cache lines that lie a fixed distance beyond a row of a panel. Where there is no memory nothing happens.</summary>
    /// <param name="row">The first weight of the row, which begins a cache line.</param>
    /// <param name="width">Its floats, at most 64; a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Beyond(ref float row, int width)
    {
        if (!Sse.IsSupported) return;
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
}
