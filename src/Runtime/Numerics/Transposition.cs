using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Backprop.Kernels;

namespace Backprop.Numerics;

/// <summary>Matrices turned: transposed copies, and the sums across many vectors at once.</summary>
public static partial class Transposition
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Copies a matrix, transposed: destination[c, r] = source[r, c]. Nothing beyond the two matrices is touched.</summary>
    /// <param name="source">The first float of the source, [rows, columns].</param>
    /// <param name="sourceStride">The floats from one row of the source to the next.</param>
    /// <param name="rows">The rows of the source.</param>
    /// <param name="columns">The columns of the source.</param>
    /// <param name="destination">The first float of the destination, [columns, rows]; it must not overlap the source.</param>
    /// <param name="destinationStride">The floats from one row of the destination to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)] // Its blocks would take what the caller may inline.
    public static void Transpose(
        ref readonly float source, int sourceStride, int rows, int columns, ref float destination, int destinationStride)
    {
        // Strips as wide as a cache line: every line of the source is read once, and the rows of the destination that are being
        // written stay few. Without strips a large matrix takes up to four times as long.
        const int strip = 16;
        for (var column = 0; column < columns; column += strip)
        {
            Strip(
                ref Cell(ref Unsafe.AsRef(in source), sourceStride, 0, column), sourceStride, rows, Math.Min(strip, columns - column),
                ref Cell(ref destination, destinationStride, column, 0), destinationStride);
        }
    }

    /// <summary>
    /// The same into rows of whole vectors, with 0 in the lanes beyond the matrix: they are computed with, and what the memory held before may be
    /// subnormal numbers, with which some processors take a hundred cycles each.
    /// </summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="source">The first float of the source, [rows, columns].</param>
    /// <param name="sourceStride">The floats from one row of the source to the next.</param>
    /// <param name="rows">The rows of the source.</param>
    /// <param name="columns">The columns of the source.</param>
    /// <param name="destination">The first float of the destination, [columns, stride]; it must not overlap the source.</param>
    /// <param name="stride">The floats from one row of the destination to the next, whole vectors of at least the rows.</param>
    [MethodImpl(Inline)]
    public static void TransposePadded<TLanes>(
        ref readonly float source, int sourceStride, int rows, int columns, ref float destination, int stride)
        where TLanes : struct, ILanes<TLanes>
    {
        if (rows < stride)
            Clear<TLanes>(ref destination, columns, stride, rows & -TLanes.Count, stride);
        Transpose(in source, sourceStride, rows, columns, ref destination, stride);
    }

    /// <summary>
    /// Spreads short rows over lanes: destination[c, r] = source[r, c], so that a vector of the destination holds a column of as many
    /// rows. Lanes beyond the rows become 0, up to an even number of vectors, as many as a product takes, where rows are as long: what it makes of them is finite, and no subnormal
    /// number.
    /// </summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="source">The first float of [rows, columns], without gaps.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns; a constant where it matters.</param>
    /// <param name="destination">The first float of [columns, stride].</param>
    /// <param name="stride">The floats from one row of the destination to the next, whole vectors of at least the rows; a constant where it matters.</param>
    [MethodImpl(Inline)]
    public static void RowsToLanes<TLanes>(ref readonly float source, int rows, int columns, ref float destination, int stride)
        where TLanes : struct, ILanes<TLanes>
    {
        var end = Math.Min(stride, (rows + 2 * TLanes.Count - 1) & (-2 * TLanes.Count));
        if (columns <= Deinterleaving.MaxColumns && Deinterleaving.Serves<TLanes>())
        {
            var done = 0;
            for (; done <= rows - TLanes.Count; done += TLanes.Count)
                Deinterleaving.Columns<TLanes>(in Unsafe.Add(ref Unsafe.AsRef(in source), done * columns), columns, ref Unsafe.Add(ref destination, done), stride);
            if (done < end)
                LastRowsToLanes<TLanes>(in Unsafe.Add(ref Unsafe.AsRef(in source), done * columns), rows - done, columns, ref Unsafe.Add(ref destination, done), stride, end - done);
            return;
        }

        if (rows < end)
            Clear<TLanes>(ref destination, columns, stride, rows & -TLanes.Count, end);
        Transpose(in source, columns, rows, columns, ref destination, stride);
    }

    // What whole vectors leave: fewer rows than a vector has lanes, and lanes without any up to the last.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining), SkipLocalsInit]
    private static void LastRowsToLanes<TLanes>(ref readonly float source, int rows, int columns, ref float destination, int stride, int lanes)
        where TLanes : struct, ILanes<TLanes>
    {
        if (rows == 0)
        {
            Clear<TLanes>(ref destination, columns, stride, 0, lanes);
            return;
        }

        // A copy with zeros behind the rows is taken apart as all others are; on cache lines, or reading it would wait for the stores at times.
        ref float copy = ref Scratch.Align(stackalloc float[Deinterleaving.MaxColumns * TLanes.Count + PanelLayout.Alignment]);
        for (var i = 0; i < columns * TLanes.Count; i += TLanes.Count)
            TLanes.Store(TLanes.LoadFirst(in source, i, rows * columns - i), ref copy, i);
        Deinterleaving.Columns<TLanes>(in copy, columns, ref destination, stride);
        Clear<TLanes>(ref destination, columns, stride, TLanes.Count, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Clear<TLanes>(ref float destination, int rows, int stride, int first, int end) where TLanes : struct, ILanes<TLanes>
    {
        for (var row = 0; row < rows; row++)
        {
            for (var i = first; i < end; i += TLanes.Count)
                TLanes.Store(TLanes.Create(0f), ref Cell(ref destination, stride, row, i), 0);
        }
    }

    /// <summary>The way back of <see cref="RowsToLanes"/>: destination[r, c] = source[c, r]. Rows beyond are not touched.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="source">The first float of [columns, stride].</param>
    /// <param name="stride">The floats from one row of the source to the next.</param>
    /// <param name="rows">The rows of the destination.</param>
    /// <param name="columns">The columns; a constant where it matters.</param>
    /// <param name="destination">The first float of [rows, columns], without gaps.</param>
    [MethodImpl(Inline)]
    public static void LanesToRows<TLanes>(ref readonly float source, int stride, int rows, int columns, ref float destination)
        where TLanes : struct, ILanes<TLanes>
    {
        var done = 0;
        if (columns == 1)
        {
            for (; done <= rows - TLanes.Count; done += TLanes.Count)
                TLanes.Store(TLanes.Load(in source, done), ref destination, done);
        }
        else if (columns <= Deinterleaving.MaxColumns && Sse.IsSupported)
        {
            // Four floats are written for a row of two or three: the next row takes the place of those too many, so that one must follow.
            for (; done <= rows - (columns == 4 ? 4 : 5); done += 4)
                Deinterleaving.FourRows(in Unsafe.Add(ref Unsafe.AsRef(in source), done), stride, columns, ref Unsafe.Add(ref destination, done * columns));
        }

        if (done < rows)
            Transpose(in Unsafe.Add(ref Unsafe.AsRef(in source), done), stride, columns, rows - done, ref Unsafe.Add(ref destination, done * columns), columns);
    }

    /// <summary>
    /// Bands of as many rows as a vector has lanes: four columns of a band become four whole vectors of the destination.
    /// </summary>
    [MethodImpl(Inline)]
    private static void Strip(
        ref float source, int sourceStride, int rows, int columns, ref float destination, int destinationStride)
    {
        var row = 0;
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            for (; row <= rows - Side; row += Side)
            {
                ref float from = ref Cell(ref source, sourceStride, row, 0), to = ref Unsafe.Add(ref destination, row);
                if (columns >= LeastColumnsOfSquare)
                    Square(ref from, sourceStride, columns, ref to, destinationStride);
                else
                    Band<Rows16>(ref from, sourceStride, columns, ref to, destinationStride);
            }
        }

        if (Vector256.IsHardwareAccelerated && Avx.IsSupported)
        {
            for (; row <= rows - 8; row += 8)
                Band<Rows8>(ref Cell(ref source, sourceStride, row, 0), sourceStride, columns, ref Unsafe.Add(ref destination, row), destinationStride);
        }

        if (Sse.IsSupported)
        {
            for (; row <= rows - 4; row += 4)
                Band<Rows4>(ref Cell(ref source, sourceStride, row, 0), sourceStride, columns, ref Unsafe.Add(ref destination, row), destinationStride);
        }

        if (row < rows && rows >= 4 && Sse.IsSupported)
        {
            // Some rows once more, which is cheaper than single floats.
            row = rows - 4;
            Band<Rows4>(ref Cell(ref source, sourceStride, row, 0), sourceStride, columns, ref Unsafe.Add(ref destination, row), destinationStride);
            return;
        }

        for (; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                Cell(ref destination, destinationStride, column, row) = Cell(ref source, sourceStride, row, column);
        }
    }

    /// <summary>The transposition of a block that is four columns wide.</summary>
    internal interface IBlock
    {
        /// <summary>The rows of the block.</summary>
        static abstract int Rows { get; }

        /// <summary>Copies [Rows, 4] to [4, Rows].</summary>
        static abstract void Transpose(ref float source, int sourceStride, ref float destination, int destinationStride);
    }

    [MethodImpl(Inline)]
    private static void Band<TBlock>(ref float source, int sourceStride, int columns, ref float destination, int destinationStride)
        where TBlock : IBlock
    {
        var column = 0;
        for (; column <= columns - 4; column += 4)
        {
            TBlock.Transpose(
                ref Unsafe.Add(ref source, column), sourceStride, ref Cell(ref destination, destinationStride, column, 0), destinationStride);
        }

        if (column < columns && columns >= 4)
        {
            // Some columns once more, which is cheaper than single floats.
            column = columns - 4;
            TBlock.Transpose(
                ref Unsafe.Add(ref source, column), sourceStride, ref Cell(ref destination, destinationStride, column, 0), destinationStride);
            return;
        }

        for (; column < columns; column++)
        {
            for (var row = 0; row < TBlock.Rows; row++)
                Cell(ref destination, destinationStride, column, row) = Cell(ref source, sourceStride, row, column);
        }
    }

    private readonly struct Rows16 : IBlock
    {
        public static int Rows => 16;

        [MethodImpl(Inline)]
        public static void Transpose(ref float source, int sourceStride, ref float destination, int destinationStride)
        {
            TransposeFours(
                Gather(ref source, sourceStride, 0), Gather(ref source, sourceStride, 1), Gather(ref source, sourceStride, 2), Gather(ref source, sourceStride, 3),
                out var c0, out var c1, out var c2, out var c3);
            c0.StoreUnsafe(ref Cell(ref destination, destinationStride, 0, 0));
            c1.StoreUnsafe(ref Cell(ref destination, destinationStride, 1, 0));
            c2.StoreUnsafe(ref Cell(ref destination, destinationStride, 2, 0));
            c3.StoreUnsafe(ref Cell(ref destination, destinationStride, 3, 0));
        }

        /// <summary>The four columns of the rows r, r + 4, r + 8 and r + 12.</summary>
        [MethodImpl(Inline)]
        private static Vector512<float> Gather(ref float source, int stride, int row) => Vector512.Create(
            Rows8.Gather(ref source, stride, row),
            Rows8.Gather(ref source, stride, row + 8));
    }

    internal readonly struct Rows8 : IBlock
    {
        public static int Rows => 8;

        [MethodImpl(Inline)]
        public static void Transpose(ref float source, int sourceStride, ref float destination, int destinationStride)
        {
            TransposeFours(
                Gather(ref source, sourceStride, 0), Gather(ref source, sourceStride, 1), Gather(ref source, sourceStride, 2), Gather(ref source, sourceStride, 3),
                out var c0, out var c1, out var c2, out var c3);
            c0.StoreUnsafe(ref Cell(ref destination, destinationStride, 0, 0));
            c1.StoreUnsafe(ref Cell(ref destination, destinationStride, 1, 0));
            c2.StoreUnsafe(ref Cell(ref destination, destinationStride, 2, 0));
            c3.StoreUnsafe(ref Cell(ref destination, destinationStride, 3, 0));
        }

        /// <summary>The four columns of the rows r and r + 4.</summary>
        [MethodImpl(Inline)]
        public static Vector256<float> Gather(ref float source, int stride, int row) => Vector256.Create(
            Vector128.LoadUnsafe(ref Cell(ref source, stride, row, 0)),
            Vector128.LoadUnsafe(ref Cell(ref source, stride, row + 4, 0)));
    }

    internal readonly struct Rows4 : IBlock
    {
        public static int Rows => 4;

        [MethodImpl(Inline)]
        public static void Transpose(ref float source, int sourceStride, ref float destination, int destinationStride)
        {
            TransposeFours(
                Vector128.LoadUnsafe(ref Cell(ref source, sourceStride, 0, 0)), Vector128.LoadUnsafe(ref Cell(ref source, sourceStride, 1, 0)),
                Vector128.LoadUnsafe(ref Cell(ref source, sourceStride, 2, 0)), Vector128.LoadUnsafe(ref Cell(ref source, sourceStride, 3, 0)),
                out var c0, out var c1, out var c2, out var c3);
            c0.StoreUnsafe(ref Cell(ref destination, destinationStride, 0, 0));
            c1.StoreUnsafe(ref Cell(ref destination, destinationStride, 1, 0));
            c2.StoreUnsafe(ref Cell(ref destination, destinationStride, 2, 0));
            c3.StoreUnsafe(ref Cell(ref destination, destinationStride, 3, 0));
        }
    }

    [MethodImpl(Inline)]
    private static ref float Cell(ref float matrix, int stride, int row, int column) =>
        ref Unsafe.Add(ref matrix, (nint)row * stride + column);
}
