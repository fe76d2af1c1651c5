using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Kernels;

/// <summary>Asks for weights that a single sample's product will read from beyond the first-level cache, each once.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Prefetching
{
    private const int FloatsInLine = 16;

    // 2 KiB. The processor follows such a stream by itself, but at three quarters of what the second-level cache can give.
    private const int Distance = 32 * FloatsInLine;

    /// <summary>Asks for the cache lines that lie a fixed distance beyond a row of a panel. Where there is no memory nothing happens.</summary>
    /// <param name="row">The first weight of the row, which begins a cache line.</param>
    /// <param name="width">Its floats, at most 64; a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Beyond(ref float row, int width)
    {
        if (!Sse.IsSupported) return;
        Fetch(ref row, 0);
        if (width > FloatsInLine) Fetch(ref row, 1);
        if (width > 2 * FloatsInLine) Fetch(ref row, 2);
        if (width > 3 * FloatsInLine) Fetch(ref row, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Fetch(ref float row, int line) =>
        Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref row, Distance + line * FloatsInLine)));
}
