using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

/// <summary>Matrices turned: transposed copies, and the sums across many vectors at once.</summary>
public static class Transposition
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // SumEach is a butterfly: each stage interleaves two vectors in both ways and adds, which halves the number of vectors
    // and the number of lanes that belong to one sum. It takes 15 additions and 30 shuffles for 16 vectors, where 16 sums on
    // their own take 64 of each.

    /// <summary>Sums 16 vectors: lane r of the result is the sum of all lanes of argument r.</summary>
    [MethodImpl(Inline)]
    public static Vector512<float> SumEach(
        Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3,
        Vector512<float> v4, Vector512<float> v5, Vector512<float> v6, Vector512<float> v7,
        Vector512<float> v8, Vector512<float> v9, Vector512<float> v10, Vector512<float> v11,
        Vector512<float> v12, Vector512<float> v13, Vector512<float> v14, Vector512<float> v15)
    {
        if (!Avx512F.IsSupported)
        {
            return Vector512.Create(
                SumEach(Fold(v0), Fold(v1), Fold(v2), Fold(v3), Fold(v4), Fold(v5), Fold(v6), Fold(v7)),
                SumEach(Fold(v8), Fold(v9), Fold(v10), Fold(v11), Fold(v12), Fold(v13), Fold(v14), Fold(v15)));
        }

        return AddQuarters(
            AddQuarters(SumFours(v0, v1, v2, v3), SumFours(v4, v5, v6, v7)),
            AddQuarters(SumFours(v8, v9, v10, v11), SumFours(v12, v13, v14, v15)));
    }

    /// <summary>Sums 8 vectors: lane r of the result is the sum of all lanes of argument r.</summary>
    [MethodImpl(Inline)]
    public static Vector256<float> SumEach(
        Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3,
        Vector256<float> v4, Vector256<float> v5, Vector256<float> v6, Vector256<float> v7)
    {
        if (!Avx.IsSupported)
        {
            return Vector256.Create(
                SumEach(Fold(v0), Fold(v1), Fold(v2), Fold(v3)),
                SumEach(Fold(v4), Fold(v5), Fold(v6), Fold(v7)));
        }

        var low = SumFours(v0, v1, v2, v3);
        var high = SumFours(v4, v5, v6, v7);
        return Avx.Permute2x128(low, high, 0x20) + Avx.Permute2x128(low, high, 0x31);
    }

    /// <summary>Sums 4 vectors: lane r of the result is the sum of all lanes of argument r.</summary>
    [MethodImpl(Inline)]
    public static Vector128<float> SumEach(Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3)
    {
        if (!Sse.IsSupported)
            return Vector128.Create(Vector128.Sum(v0), Vector128.Sum(v1), Vector128.Sum(v2), Vector128.Sum(v3));

        var v01 = Sse.UnpackLow(v0, v1) + Sse.UnpackHigh(v0, v1);
        var v23 = Sse.UnpackLow(v2, v3) + Sse.UnpackHigh(v2, v3);
        return Sse.MoveLowToHigh(v01, v23) + Sse.MoveHighToLow(v23, v01);
    }

    /// <summary>Sums fours of lanes: lane 4q + r of the result is the sum of the lanes from 4q to 4q + 3 of argument r.</summary>
    [MethodImpl(Inline)]
    public static Vector512<float> SumFours(Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
    {
        if (!Avx512F.IsSupported)
        {
            return Vector512.Create(
                SumFours(v0.GetLower(), v1.GetLower(), v2.GetLower(), v3.GetLower()),
                SumFours(v0.GetUpper(), v1.GetUpper(), v2.GetUpper(), v3.GetUpper()));
        }

        var v01 = (Avx512F.UnpackLow(v0, v1) + Avx512F.UnpackHigh(v0, v1)).AsDouble();
        var v23 = (Avx512F.UnpackLow(v2, v3) + Avx512F.UnpackHigh(v2, v3)).AsDouble();
        return Avx512F.UnpackLow(v01, v23).AsSingle() + Avx512F.UnpackHigh(v01, v23).AsSingle();
    }

    /// <summary>Sums fours of lanes: lane 4q + r of the result is the sum of the lanes from 4q to 4q + 3 of argument r.</summary>
    [MethodImpl(Inline)]
    public static Vector256<float> SumFours(Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3)
    {
        if (!Avx.IsSupported)
        {
            return Vector256.Create(
                SumEach(v0.GetLower(), v1.GetLower(), v2.GetLower(), v3.GetLower()),
                SumEach(v0.GetUpper(), v1.GetUpper(), v2.GetUpper(), v3.GetUpper()));
        }

        var v01 = (Avx.UnpackLow(v0, v1) + Avx.UnpackHigh(v0, v1)).AsDouble();
        var v23 = (Avx.UnpackLow(v2, v3) + Avx.UnpackHigh(v2, v3)).AsDouble();
        return Avx.UnpackLow(v01, v23).AsSingle() + Avx.UnpackHigh(v01, v23).AsSingle();
    }

    /// <summary>Transposes fours of lanes: lane 4q + r of column c is lane 4q + c of argument r.</summary>
    [MethodImpl(Inline)]
    public static void TransposeFours(
        Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3,
        out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3)
    {
        if (!Avx512F.IsSupported)
        {
            TransposeFours(v0.GetLower(), v1.GetLower(), v2.GetLower(), v3.GetLower(), out var low0, out var low1, out var low2, out var low3);
            TransposeFours(v0.GetUpper(), v1.GetUpper(), v2.GetUpper(), v3.GetUpper(), out var high0, out var high1, out var high2, out var high3);
            (c0, c1, c2, c3) = (Vector512.Create(low0, high0), Vector512.Create(low1, high1), Vector512.Create(low2, high2), Vector512.Create(low3, high3));
            return;
        }

        var low01 = Avx512F.UnpackLow(v0, v1).AsDouble();
        var low23 = Avx512F.UnpackLow(v2, v3).AsDouble();
        var high01 = Avx512F.UnpackHigh(v0, v1).AsDouble();
        var high23 = Avx512F.UnpackHigh(v2, v3).AsDouble();
        c0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        c1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        c2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        c3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Transposes fours of lanes: lane 4q + r of column c is lane 4q + c of argument r.</summary>
    [MethodImpl(Inline)]
    public static void TransposeFours(
        Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3,
        out Vector256<float> c0, out Vector256<float> c1, out Vector256<float> c2, out Vector256<float> c3)
    {
        if (!Avx.IsSupported)
        {
            TransposeFours(v0.GetLower(), v1.GetLower(), v2.GetLower(), v3.GetLower(), out var low0, out var low1, out var low2, out var low3);
            TransposeFours(v0.GetUpper(), v1.GetUpper(), v2.GetUpper(), v3.GetUpper(), out var high0, out var high1, out var high2, out var high3);
            (c0, c1, c2, c3) = (Vector256.Create(low0, high0), Vector256.Create(low1, high1), Vector256.Create(low2, high2), Vector256.Create(low3, high3));
            return;
        }

        var low01 = Avx.UnpackLow(v0, v1).AsDouble();
        var low23 = Avx.UnpackLow(v2, v3).AsDouble();
        var high01 = Avx.UnpackHigh(v0, v1).AsDouble();
        var high23 = Avx.UnpackHigh(v2, v3).AsDouble();
        c0 = Avx.UnpackLow(low01, low23).AsSingle();
        c1 = Avx.UnpackHigh(low01, low23).AsSingle();
        c2 = Avx.UnpackLow(high01, high23).AsSingle();
        c3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Transposes four vectors of four lanes: lane r of column c is lane c of argument r.</summary>
    [MethodImpl(Inline)]
    public static void TransposeFours(
        Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3,
        out Vector128<float> c0, out Vector128<float> c1, out Vector128<float> c2, out Vector128<float> c3)
    {
        if (!Sse.IsSupported)
        {
            c0 = Vector128.Create(v0[0], v1[0], v2[0], v3[0]);
            c1 = Vector128.Create(v0[1], v1[1], v2[1], v3[1]);
            c2 = Vector128.Create(v0[2], v1[2], v2[2], v3[2]);
            c3 = Vector128.Create(v0[3], v1[3], v2[3], v3[3]);
            return;
        }

        Vector128<float> low01 = Sse.UnpackLow(v0, v1), low23 = Sse.UnpackLow(v2, v3);
        Vector128<float> high01 = Sse.UnpackHigh(v0, v1), high23 = Sse.UnpackHigh(v2, v3);
        c0 = Sse.MoveLowToHigh(low01, low23);
        c1 = Sse.MoveHighToLow(low23, low01);
        c2 = Sse.MoveLowToHigh(high01, high23);
        c3 = Sse.MoveHighToLow(high23, high01);
    }

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
    /// Spreads short rows over lanes: destination[c, r] = source[r, c], so that a vector of the destination holds a column of as many
    /// rows. Where rows are left that do not fill a vector, the lanes beyond them keep what they held.
    /// </summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="source">The first float of [rows, columns], without gaps.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns; a constant where it matters.</param>
    /// <param name="destination">The first float of [columns, stride].</param>
    /// <param name="stride">The floats from one row of the destination to the next, whole vectors of at least the rows.</param>
    [MethodImpl(Inline)]
    public static void RowsToLanes<TLanes>(ref readonly float source, int rows, int columns, ref float destination, int stride)
        where TLanes : struct, ILanes<TLanes>
    {
        var done = 0;
        if (columns <= Deinterleaving.MaxColumns && Deinterleaving.Serves<TLanes>())
        {
            for (; done <= rows - TLanes.Count; done += TLanes.Count)
                Deinterleaving.Columns<TLanes>(in Unsafe.Add(ref Unsafe.AsRef(in source), done * columns), columns, ref Unsafe.Add(ref destination, done), stride);
        }

        if (done < rows)
            Transpose(in Unsafe.Add(ref Unsafe.AsRef(in source), done * columns), columns, rows - done, columns, ref Unsafe.Add(ref destination, done), stride);
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
            for (; row <= rows - 16; row += 16)
                Band<Rows16>(ref Cell(ref source, sourceStride, row, 0), sourceStride, columns, ref Unsafe.Add(ref destination, row), destinationStride);
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
            var v0 = Gather(ref source, sourceStride, 0);
            var v1 = Gather(ref source, sourceStride, 1);
            var v2 = Gather(ref source, sourceStride, 2);
            var v3 = Gather(ref source, sourceStride, 3);
            var low01 = Avx512F.UnpackLow(v0, v1).AsDouble();
            var low23 = Avx512F.UnpackLow(v2, v3).AsDouble();
            var high01 = Avx512F.UnpackHigh(v0, v1).AsDouble();
            var high23 = Avx512F.UnpackHigh(v2, v3).AsDouble();
            Avx512F.UnpackLow(low01, low23).AsSingle().StoreUnsafe(ref Cell(ref destination, destinationStride, 0, 0));
            Avx512F.UnpackHigh(low01, low23).AsSingle().StoreUnsafe(ref Cell(ref destination, destinationStride, 1, 0));
            Avx512F.UnpackLow(high01, high23).AsSingle().StoreUnsafe(ref Cell(ref destination, destinationStride, 2, 0));
            Avx512F.UnpackHigh(high01, high23).AsSingle().StoreUnsafe(ref Cell(ref destination, destinationStride, 3, 0));
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
            var v0 = Gather(ref source, sourceStride, 0);
            var v1 = Gather(ref source, sourceStride, 1);
            var v2 = Gather(ref source, sourceStride, 2);
            var v3 = Gather(ref source, sourceStride, 3);
            var low01 = Avx.UnpackLow(v0, v1).AsDouble();
            var low23 = Avx.UnpackLow(v2, v3).AsDouble();
            var high01 = Avx.UnpackHigh(v0, v1).AsDouble();
            var high23 = Avx.UnpackHigh(v2, v3).AsDouble();
            Avx.UnpackLow(low01, low23).AsSingle().StoreUnsafe(ref Cell(ref destination, destinationStride, 0, 0));
            Avx.UnpackHigh(low01, low23).AsSingle().StoreUnsafe(ref Cell(ref destination, destinationStride, 1, 0));
            Avx.UnpackLow(high01, high23).AsSingle().StoreUnsafe(ref Cell(ref destination, destinationStride, 2, 0));
            Avx.UnpackHigh(high01, high23).AsSingle().StoreUnsafe(ref Cell(ref destination, destinationStride, 3, 0));
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
            var v0 = Vector128.LoadUnsafe(ref Cell(ref source, sourceStride, 0, 0));
            var v1 = Vector128.LoadUnsafe(ref Cell(ref source, sourceStride, 1, 0));
            var v2 = Vector128.LoadUnsafe(ref Cell(ref source, sourceStride, 2, 0));
            var v3 = Vector128.LoadUnsafe(ref Cell(ref source, sourceStride, 3, 0));
            var low01 = Sse.UnpackLow(v0, v1);
            var low23 = Sse.UnpackLow(v2, v3);
            var high01 = Sse.UnpackHigh(v0, v1);
            var high23 = Sse.UnpackHigh(v2, v3);
            Sse.MoveLowToHigh(low01, low23).StoreUnsafe(ref Cell(ref destination, destinationStride, 0, 0));
            Sse.MoveHighToLow(low23, low01).StoreUnsafe(ref Cell(ref destination, destinationStride, 1, 0));
            Sse.MoveLowToHigh(high01, high23).StoreUnsafe(ref Cell(ref destination, destinationStride, 2, 0));
            Sse.MoveHighToLow(high23, high01).StoreUnsafe(ref Cell(ref destination, destinationStride, 3, 0));
        }
    }

    [MethodImpl(Inline)]
    private static ref float Cell(ref float matrix, int stride, int row, int column) =>
        ref Unsafe.Add(ref matrix, (nint)row * stride + column);

    [MethodImpl(Inline)]
    private static Vector256<float> Fold(Vector512<float> v) => v.GetLower() + v.GetUpper();

    [MethodImpl(Inline)]
    private static Vector128<float> Fold(Vector256<float> v) => v.GetLower() + v.GetUpper();

    /// <summary>The quarters of x, added in pairs, then those of y.</summary>
    [MethodImpl(Inline)]
    private static Vector512<float> AddQuarters(Vector512<float> x, Vector512<float> y) =>
        Avx512F.Shuffle4x128(x, y, 0b10_00_10_00) + Avx512F.Shuffle4x128(x, y, 0b11_01_11_01);
}
