using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

/// <summary>Squares of 16 by 16 floats, turned in registers: each line is read once, where bands four columns wide read it four times.</summary>
public static partial class Transposition
{
    /// <summary>The rows and columns of a square.</summary>
    private const int Side = 16;

    /// <summary>The fewest columns of a square for which one is faster than bands.</summary>
    private const int LeastColumnsOfSquare = 9;

    /// <summary>Copies [16, columns] to [columns, 16], with 9 to 16 columns. What follows a row in its matrix may be read with it.</summary>
    [MethodImpl(Inline)]
    private static void Square(ref float source, int sourceStride, int columns, ref float destination, int destinationStride)
    {
        Rows(ref source, sourceStride, 0, columns, out var a0, out var a1, out var a2, out var a3);
        Rows(ref source, sourceStride, 4, columns, out var b0, out var b1, out var b2, out var b3);
        Rows(ref source, sourceStride, 8, columns, out var c0, out var c1, out var c2, out var c3);
        Rows(ref source, sourceStride, 12, columns, out var d0, out var d1, out var d2, out var d3);
        StoreColumns(a0, b0, c0, d0, columns, ref destination, destinationStride);
        StoreColumns(a1, b1, c1, d1, columns - 1, ref Cell(ref destination, destinationStride, 1, 0), destinationStride);
        StoreColumns(a2, b2, c2, d2, columns - 2, ref Cell(ref destination, destinationStride, 2, 0), destinationStride);
        StoreColumns(a3, b3, c3, d3, columns - 3, ref Cell(ref destination, destinationStride, 3, 0), destinationStride);
    }

    // Four rows, turned: lane 4q + r of column c is that of row r and of column 4q + c.
    [MethodImpl(Inline)]
    private static void Rows(
        ref float source, int stride, int row, int columns, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3)
    {
        ref float last = ref Cell(ref source, stride, row + 3, 0);
        TransposeFours(
            Vector512.LoadUnsafe(ref Cell(ref source, stride, row, 0)), Vector512.LoadUnsafe(ref Cell(ref source, stride, row + 1, 0)),
            Vector512.LoadUnsafe(ref Cell(ref source, stride, row + 2, 0)), row + 4 == Side && columns < Side ? LastRow(ref last, columns) : Vector512.LoadUnsafe(ref last),
            out c0, out c1, out c2, out c3);
    }

    // Nothing may be read beyond the last row: the 16 floats that end with it, its own first.
    [MethodImpl(Inline)]
    private static Vector512<float> LastRow(ref float row, int columns)
    {
        Vector512<int> places = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + Vector512.Create(Side - columns);
        return Avx512F.PermuteVar16x32(Vector512.LoadUnsafe(ref Unsafe.Add(ref row, columns - Side)), places);
    }

    // Every fourth column, as far as there are columns: its quarters are those of the four vectors.
    [MethodImpl(Inline)]
    private static void StoreColumns(
        Vector512<float> rows0, Vector512<float> rows4, Vector512<float> rows8, Vector512<float> rows12, int columns, ref float destination, int stride)
    {
        const int even = 0b10_00_10_00, odd = 0b11_01_11_01;
        Vector512<float> low = Avx512F.Shuffle4x128(rows0, rows4, even), lowOdd = Avx512F.Shuffle4x128(rows0, rows4, odd);
        Vector512<float> high = Avx512F.Shuffle4x128(rows8, rows12, even), highOdd = Avx512F.Shuffle4x128(rows8, rows12, odd);
        Avx512F.Shuffle4x128(low, high, even).StoreUnsafe(ref destination);
        Avx512F.Shuffle4x128(lowOdd, highOdd, even).StoreUnsafe(ref Cell(ref destination, stride, 4, 0));
        if (columns > 8)
            Avx512F.Shuffle4x128(low, high, odd).StoreUnsafe(ref Cell(ref destination, stride, 8, 0));
        if (columns > 12)
            Avx512F.Shuffle4x128(lowOdd, highOdd, odd).StoreUnsafe(ref Cell(ref destination, stride, 12, 0));
    }
}
