using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

/// <summary>
/// Rows of up to four floats, as the samples of a narrow network are, taken apart into a vector for each column, and put together
/// again: by shuffles of whole vectors, where a transposition of any size moves single floats.
/// </summary>
internal static class Deinterleaving
{
    /// <summary>The most columns.</summary>
    public const int MaxColumns = 4;

    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Whether <see cref="Columns"/> can be called: decided as it is compiled.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    [MethodImpl(Inline)]
    public static bool Serves<TLanes>() where TLanes : struct, ILanes<TLanes> =>
        TLanes.Count == 16 ? Avx512F.IsSupported : TLanes.Count == 8 ? Avx2.IsSupported : TLanes.Count == 4 && Sse41.IsSupported;

    /// <summary>Takes as many rows apart as a vector has lanes: destination[c, r] = source[r, c].</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="source">The first float of the rows, which follow each other without gaps.</param>
    /// <param name="columns">The columns, from 1 to 4; a constant where it matters.</param>
    /// <param name="destination">The first float of the first column's vector.</param>
    /// <param name="stride">The floats from there to the next column's.</param>
    [MethodImpl(Inline)]
    public static void Columns<TLanes>(ref readonly float source, int columns, ref float destination, int stride)
        where TLanes : struct, ILanes<TLanes>
    {
        if (columns == 1) TLanes.Store(TLanes.Load(in source, 0), ref destination, 0);
        else if (TLanes.Count == 16) Columns16(in source, columns, ref destination, stride);
        else if (TLanes.Count == 8) Columns8(in source, columns, ref destination, stride);
        else Columns4(in source, columns, ref destination, stride);
    }

    /// <summary>Puts four rows together: destination[r, c] = source[c, r]. With three columns a thirteenth float is written.</summary>
    /// <param name="source">The first float of the first column.</param>
    /// <param name="stride">The floats from one column to the next.</param>
    /// <param name="columns">The columns, from 2 to 4; a constant where it matters.</param>
    /// <param name="destination">The first float of the rows, which follow each other without gaps.</param>
    [MethodImpl(Inline)]
    public static void FourRows(ref readonly float source, int stride, int columns, ref float destination)
    {
        Vector128<float> c0 = Vector128.LoadUnsafe(in source), c1 = Vector128.LoadUnsafe(in source, (nuint)stride);
        Vector128<float> low01 = Sse.UnpackLow(c0, c1), high01 = Sse.UnpackHigh(c0, c1);
        if (columns == 2)
        {
            low01.StoreUnsafe(ref destination);
            high01.StoreUnsafe(ref destination, 4);
            return;
        }
        Vector128<float> c2 = Vector128.LoadUnsafe(in source, (nuint)(2 * stride));
        Vector128<float> c3 = columns == 3 ? c2 : Vector128.LoadUnsafe(in source, (nuint)(3 * stride));
        Vector128<float> low23 = Sse.UnpackLow(c2, c3), high23 = Sse.UnpackHigh(c2, c3);
        Sse.MoveLowToHigh(low01, low23).StoreUnsafe(ref destination);
        Sse.MoveHighToLow(low23, low01).StoreUnsafe(ref destination, (nuint)columns);
        Sse.MoveLowToHigh(high01, high23).StoreUnsafe(ref destination, (nuint)(2 * columns));
        Sse.MoveHighToLow(high23, high01).StoreUnsafe(ref destination, (nuint)(3 * columns));
    }

    [MethodImpl(Inline)]
    private static void Columns16(ref readonly float source, int columns, ref float destination, int stride)
    {
        Vector512<float> v0 = Vector512.LoadUnsafe(in source), v1 = Vector512.LoadUnsafe(in source, 16);
        if (columns < 4)
        {
            for (var column = 0; column < columns; column++)
                Collect(in source, v0, v1, columns, column).StoreUnsafe(ref destination, (nuint)(column * stride));
            return;
        }
        Vector512<float> v2 = Vector512.LoadUnsafe(in source, 32), v3 = Vector512.LoadUnsafe(in source, 48);
        Vector512<double> low01 = Avx512F.UnpackLow(v0, v1).AsDouble(), high01 = Avx512F.UnpackHigh(v0, v1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(v2, v3).AsDouble(), high23 = Avx512F.UnpackHigh(v2, v3).AsDouble();
        // Quarter q now has rows q, 4 + q, 8 + q and 12 + q.
        Vector512<int> inOrder = Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        Avx512F.PermuteVar16x32(Avx512F.UnpackLow(low01, low23).AsSingle(), inOrder).StoreUnsafe(ref destination);
        Avx512F.PermuteVar16x32(Avx512F.UnpackHigh(low01, low23).AsSingle(), inOrder).StoreUnsafe(ref destination, (nuint)stride);
        Avx512F.PermuteVar16x32(Avx512F.UnpackLow(high01, high23).AsSingle(), inOrder).StoreUnsafe(ref destination, (nuint)(2 * stride));
        Avx512F.PermuteVar16x32(Avx512F.UnpackHigh(high01, high23).AsSingle(), inOrder).StoreUnsafe(ref destination, (nuint)(3 * stride));
    }

    /// <summary>The floats column, column + columns, column + 2 columns, … of the first 16 · columns, for two columns or three.</summary>
    [MethodImpl(Inline)]
    private static Vector512<float> Collect(ref readonly float source, Vector512<float> v0, Vector512<float> v1, int columns, int column)
    {
        // The permutation takes an index's low five bits: those of the first vector, then those of the second.
        Vector512<int> index = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) * Vector512.Create(columns) + Vector512.Create(column);
        Vector512<float> two = Avx512F.PermuteVar16x32x2(v0, index, v1);
        if (columns == 2) return two;

        Vector512<float> third = Avx512F.PermuteVar16x32(Vector512.LoadUnsafe(in source, 32), index);
        return Vector512.ConditionalSelect(Vector512.LessThan(index, Vector512.Create(32)).AsSingle(), two, third);
    }

    [MethodImpl(Inline)]
    private static void Columns8(ref readonly float source, int columns, ref float destination, int stride)
    {
        if (columns == 4)
        {
            Transposition.Rows8.Transpose(ref Unsafe.AsRef(in source), 4, ref destination, stride);
            return;
        }
        Vector256<float> v0 = Vector256.LoadUnsafe(in source), v1 = Vector256.LoadUnsafe(in source, 8);
        if (columns == 2)
        {
            // The shuffles leave pairs in the order 0, 2, 1, 3.
            Avx2.Permute4x64(Avx.Shuffle(v0, v1, 0b10_00_10_00).AsDouble(), 0b11_01_10_00).AsSingle().StoreUnsafe(ref destination);
            Avx2.Permute4x64(Avx.Shuffle(v0, v1, 0b11_01_11_01).AsDouble(), 0b11_01_10_00).AsSingle().StoreUnsafe(ref destination, (nuint)stride);
            return;
        }
        // Row r of a column is lane (column + 3r) mod 8 of its vector: each in a lane of its own, so that blends collect them.
        Vector256<float> v2 = Vector256.LoadUnsafe(in source, 16);
        Vector256<float> first = Avx.Blend(Avx.Blend(v0, v1, 0b1001_0010), v2, 0b0010_0100);
        Vector256<float> second = Avx.Blend(Avx.Blend(v0, v1, 0b0010_0100), v2, 0b0100_1001);
        Vector256<float> third = Avx.Blend(Avx.Blend(v0, v1, 0b0100_1001), v2, 0b1001_0010);
        Avx2.PermuteVar8x32(first, Vector256.Create(0, 3, 6, 1, 4, 7, 2, 5)).StoreUnsafe(ref destination);
        Avx2.PermuteVar8x32(second, Vector256.Create(1, 4, 7, 2, 5, 0, 3, 6)).StoreUnsafe(ref destination, (nuint)stride);
        Avx2.PermuteVar8x32(third, Vector256.Create(2, 5, 0, 3, 6, 1, 4, 7)).StoreUnsafe(ref destination, (nuint)(2 * stride));
    }

    [MethodImpl(Inline)]
    private static void Columns4(ref readonly float source, int columns, ref float destination, int stride)
    {
        if (columns == 4)
        {
            Transposition.Rows4.Transpose(ref Unsafe.AsRef(in source), 4, ref destination, stride);
            return;
        }
        Vector128<float> v0 = Vector128.LoadUnsafe(in source), v1 = Vector128.LoadUnsafe(in source, 4);
        if (columns == 2)
        {
            Sse.Shuffle(v0, v1, 0b10_00_10_00).StoreUnsafe(ref destination);
            Sse.Shuffle(v0, v1, 0b11_01_11_01).StoreUnsafe(ref destination, (nuint)stride);
            return;
        }
        // As above, with lanes (column + 3r) mod 4.
        Vector128<float> v2 = Vector128.LoadUnsafe(in source, 8);
        Vector128<float> first = Sse41.Blend(Sse41.Blend(v0, v1, 0b0100), v2, 0b0010);
        Vector128<float> second = Sse41.Blend(Sse41.Blend(v0, v1, 0b1001), v2, 0b0100);
        Vector128<float> third = Sse41.Blend(Sse41.Blend(v0, v1, 0b0010), v2, 0b1001);
        Sse.Shuffle(first, first, 0b01_10_11_00).StoreUnsafe(ref destination);
        Sse.Shuffle(second, second, 0b10_11_00_01).StoreUnsafe(ref destination, (nuint)stride);
        Sse.Shuffle(third, third, 0b11_00_01_10).StoreUnsafe(ref destination, (nuint)(2 * stride));
    }
}
