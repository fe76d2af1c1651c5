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
    private static bool s_asksAhead, s_asksForNextPanel;

    /// <summary>Decides what it pays to ask for on this processor. To be called before a kernel runs.</summary>
    internal static void Prepare()
    {
        s_asksAhead = Processor.IsAmd;
        s_asksForNextPanel = Processor.IsIntel;
    }

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

    /// <summary>
    /// Asks for a float of the panel that a batch's tiles come to next, where that pays: while its samples go through one panel, 64 units wide, each has as many of the next
    /// fetched into the second-level cache as it has inputs, which makes a panel for every 64.
    /// </summary>
    /// <param name="panel">Any number of the panel that they are at.</param>
    /// <param name="index">How far beyond it the float is.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void NextPanel(ref float panel, int index)
    {
        if (Sse.IsSupported && s_asksForNextPanel) Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref panel, index)));
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
        private static readonly int s_vendor = X86Base.IsSupported ? X86Base.CpuId(0, 0).Ebx : 0; // The first quarter of its name.

        /// <summary>
        /// Whether it is one of AMD's. They follow a stream by themselves, but at three quarters of what the second-level cache can give; Intel's at nine tenths, and
        /// at eight if asked (784-128-10 without and with it: Zen 5 1,890 and 1,640 ns, Emerald Rapids 3,050 and 3,400).
        /// </summary>
        public static bool IsAmd => s_vendor == BitConverter.ToInt32("Auth"u8); // AuthenticAMD

        /// <summary>
        /// Whether it is one of Intel's. Their third-level cache is shared by all cores and far: 784-512-256-10 in batches takes 5 % less if each panel is asked for before
        /// its turn. (On AMD's, where such batches are within 4 % of the multiply-adds' peak, this was not tried.)
        /// </summary>
        public static bool IsIntel => s_vendor == BitConverter.ToInt32("Genu"u8); // GenuineIntel
    }
}
