using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

// Several vectors in registers: summed across their lanes, or turned four by four.
public static partial class Transposition
{
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

    /// <summary>Sums 12 vectors: lane r of the result is the sum of all lanes of argument r; the last four lanes are 0.</summary>
    [MethodImpl(Inline)]
    public static Vector512<float> SumEach(
        Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3,
        Vector512<float> v4, Vector512<float> v5, Vector512<float> v6, Vector512<float> v7,
        Vector512<float> v8, Vector512<float> v9, Vector512<float> v10, Vector512<float> v11)
    {
        if (!Avx512F.IsSupported)
            return SumEach(v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, default, default, default, default);

        return AddQuarters(
            AddQuarters(SumFours(v0, v1, v2, v3), SumFours(v4, v5, v6, v7)),
            AddQuarters(SumFours(v8, v9, v10, v11), Vector512<float>.Zero));
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

    [MethodImpl(Inline)]
    private static Vector256<float> Fold(Vector512<float> v) => v.GetLower() + v.GetUpper();

    [MethodImpl(Inline)]
    private static Vector128<float> Fold(Vector256<float> v) => v.GetLower() + v.GetUpper();

    /// <summary>The quarters of x, added in pairs, then those of y.</summary>
    [MethodImpl(Inline)]
    private static Vector512<float> AddQuarters(Vector512<float> x, Vector512<float> y) =>
        Avx512F.Shuffle4x128(x, y, 0b10_00_10_00) + Avx512F.Shuffle4x128(x, y, 0b11_01_11_01);
}
