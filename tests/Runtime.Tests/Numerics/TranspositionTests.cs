using System.Runtime.Intrinsics;
using Backprop.Numerics;
using Runtime.Tests.Misuse;

namespace Backprop.Tests.Numerics;

/// <summary>Integer-valued data, so that any order of sums is exact and any wrong index shows.</summary>
public sealed class TranspositionTests
{
    private const float Canary = -777f;

    [Fact]
    public void Each_of_16_vectors_is_summed_into_its_lane()
    {
        var v = Vectors(16, 16);
        Vector512<float> At(int r) => Vector512.LoadUnsafe(ref v[0], (nuint)(16 * r));
        var sums = Transposition.SumEach(
            At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8), At(9), At(10), At(11), At(12), At(13), At(14), At(15));
        for (var r = 0; r < 16; r++) Assert.Equal(v.Skip(16 * r).Take(16).Sum(), sums[r]);
    }

    [Fact]
    public void Each_of_12_vectors_is_summed_into_its_lane()
    {
        var v = Vectors(12, 16);
        Vector512<float> At(int r) => Vector512.LoadUnsafe(ref v[0], (nuint)(16 * r));
        var sums = Transposition.SumEach(At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8), At(9), At(10), At(11));
        for (var r = 0; r < 16; r++) Assert.Equal(v.Skip(16 * r).Take(16).Sum(), sums[r]);
    }

    [Fact]
    public void Each_of_8_vectors_is_summed_into_its_lane()
    {
        var v = Vectors(8, 8);
        Vector256<float> At(int r) => Vector256.LoadUnsafe(ref v[0], (nuint)(8 * r));
        var sums = Transposition.SumEach(At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7));
        for (var r = 0; r < 8; r++) Assert.Equal(v.Skip(8 * r).Take(8).Sum(), sums[r]);
    }

    [Fact]
    public void Each_of_4_vectors_is_summed_into_its_lane()
    {
        var v = Vectors(4, 4);
        Vector128<float> At(int r) => Vector128.LoadUnsafe(ref v[0], (nuint)(4 * r));
        var sums = Transposition.SumEach(At(0), At(1), At(2), At(3));
        for (var r = 0; r < 4; r++) Assert.Equal(v.Skip(4 * r).Take(4).Sum(), sums[r]);
    }

    [Fact]
    public void Fours_of_lanes_are_summed_within_each_quarter()
    {
        var v = Vectors(4, 16);
        Vector512<float> At(int r) => Vector512.LoadUnsafe(ref v[0], (nuint)(16 * r));
        var sums = Transposition.SumFours(At(0), At(1), At(2), At(3));
        for (var lane = 0; lane < 16; lane++) Assert.Equal(v.Skip(16 * (lane % 4) + lane / 4 * 4).Take(4).Sum(), sums[lane]);
    }

    [Fact]
    public void Fours_of_lanes_are_summed_within_each_half()
    {
        var v = Vectors(4, 8);
        Vector256<float> At(int r) => Vector256.LoadUnsafe(ref v[0], (nuint)(8 * r));
        var sums = Transposition.SumFours(At(0), At(1), At(2), At(3));
        for (var lane = 0; lane < 8; lane++) Assert.Equal(v.Skip(8 * (lane % 4) + lane / 4 * 4).Take(4).Sum(), sums[lane]);
    }

    [Fact]
    public void Fours_of_lanes_are_transposed()
    {
        float[] v = Vectors(4, 16), c = new float[4 * 16];
        Transposition.TransposeFours(
            Vector512.LoadUnsafe(ref v[0]), Vector512.LoadUnsafe(ref v[16]), Vector512.LoadUnsafe(ref v[32]), Vector512.LoadUnsafe(ref v[48]),
            out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
        c0.StoreUnsafe(ref c[0]);
        c1.StoreUnsafe(ref c[16]);
        c2.StoreUnsafe(ref c[32]);
        c3.StoreUnsafe(ref c[48]);
        Check(16);
        Transposition.TransposeFours(
            Vector256.LoadUnsafe(ref v[0]), Vector256.LoadUnsafe(ref v[8]), Vector256.LoadUnsafe(ref v[16]), Vector256.LoadUnsafe(ref v[24]),
            out Vector256<float> h0, out Vector256<float> h1, out Vector256<float> h2, out Vector256<float> h3);
        h0.StoreUnsafe(ref c[0]);
        h1.StoreUnsafe(ref c[8]);
        h2.StoreUnsafe(ref c[16]);
        h3.StoreUnsafe(ref c[24]);
        Check(8);
        Transposition.TransposeFours(
            Vector128.LoadUnsafe(ref v[0]), Vector128.LoadUnsafe(ref v[4]), Vector128.LoadUnsafe(ref v[8]), Vector128.LoadUnsafe(ref v[12]),
            out Vector128<float> q0, out Vector128<float> q1, out Vector128<float> q2, out Vector128<float> q3);
        q0.StoreUnsafe(ref c[0]);
        q1.StoreUnsafe(ref c[4]);
        q2.StoreUnsafe(ref c[8]);
        q3.StoreUnsafe(ref c[12]);
        Check(4);

        void Check(int lanes)
        {
            for (var i = 0; i < 4 * lanes; i++) Assert.Equal(v[i % 4 * lanes + i % lanes / 4 * 4 + i / lanes], c[i]);
        }
    }

    [Fact]
    public void Transposed_copies_are_exact_at_every_size_and_touch_nothing_else()
    {
        for (var rows = 1; rows <= 40; rows++)
        {
            for (var columns = 1; columns <= 40; columns++) CheckTranspose(rows, columns, columns + rows % 3, rows + columns % 4);
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(64, 784)]
    [InlineData(129, 67)]
    public void Transposed_copies_are_exact_when_empty_and_when_large(int rows, int columns) =>
        CheckTranspose(rows, columns, columns + 5, rows + 3);

    /// <summary>A square's rows may be read together with what follows them, but not the last.</summary>
    [GuardedTheory, InlineData(false), InlineData(true)]
    public void Transposed_copies_stay_within_both_matrices(bool atEnd)
    {
        foreach (int rows in (int[])[16, 17, 32, 40])
        {
            for (int columns = 1; columns <= 33; columns++)
            {
                foreach (int gap in (int[])[0, 6])
                {
                    float[] values = [.. Enumerable.Range(0, (rows - 1) * (columns + gap) + columns).Select(i => (float)i)], expected = new float[rows * columns];
                    using var source = new GuardedFloats(values, atEnd);
                    using var destination = new GuardedFloats(expected, atEnd);
                    Transposition.Transpose(in source.Span[0], columns + gap, rows, columns, ref destination.Span[0], rows);
                    for (int i = 0; i < expected.Length; i++)
                        expected[i] = i % rows * (columns + gap) + i / rows;
                    Assert.Equal(expected, destination.Span.ToArray());
                    Assert.True(source.IsIntact && destination.IsIntact);
                }
            }
        }
    }

    [Fact]
    public void Rows_are_spread_over_lanes_and_put_together_again_on_every_width_and_touch_nothing_else()
    {
        for (var rows = 1; rows <= 70; rows++)
        {
            for (var columns = 1; columns <= 6; columns++)
            {
                CheckLanes<Lanes512>(rows, columns);
                CheckLanes<Lanes256>(rows, columns);
                CheckLanes<Lanes128>(rows, columns);
                CheckLanes<Lanes32>(rows, columns);
            }
        }
    }

    private static void CheckLanes<TLanes>(int rows, int columns) where TLanes : struct, ILanes<TLanes>
    {
        CheckLanes<TLanes>(rows, columns, stride: 96);
        CheckLanes<TLanes>(rows, columns, stride: (rows + TLanes.Count - 1) / TLanes.Count * TLanes.Count);
    }

    private static void CheckLanes<TLanes>(int rows, int columns, int stride) where TLanes : struct, ILanes<TLanes>
    {
        const int around = 32;
        var cleared = Math.Min(stride, (rows + 2 * TLanes.Count - 1) / (2 * TLanes.Count) * (2 * TLanes.Count));
        var source = Enumerable.Range(0, rows * columns).Select(i => (float)i).ToArray();
        float[] lanes = new float[columns * stride + around], back = new float[rows * columns + around];
        Array.Fill(lanes, Canary);
        Array.Fill(back, Canary);
        Transposition.RowsToLanes<TLanes>(in source[0], rows, columns, ref lanes[0], stride);
        for (var i = 0; i < lanes.Length; i++)
        {
            var (column, row) = (i / stride, i % stride);
            var expected = column >= columns || row >= cleared ? Canary : row < rows ? row * columns + column : 0f;
            if (lanes[i] != expected) Assert.Fail($"{TLanes.Count} lanes, {rows}×{columns}: {lanes[i]} instead of {expected} at [{column}, {row}]");
        }

        Transposition.LanesToRows<TLanes>(in lanes[0], stride, rows, columns, ref back[0]);
        Assert.Equal(source, back.Take(source.Length));
        Assert.All(back.Skip(source.Length), value => Assert.Equal(Canary, value));
    }

    private static void CheckTranspose(int rows, int columns, int sourceStride, int destinationStride)
    {
        var source = Enumerable.Range(0, Math.Max(1, rows * sourceStride)).Select(i => (float)i).ToArray();
        var destination = new float[Math.Max(1, columns * destinationStride) + 16];
        Array.Fill(destination, Canary);
        Transposition.Transpose(in source[0], sourceStride, rows, columns, ref destination[0], destinationStride);
        for (var i = 0; i < destination.Length; i++)
        {
            var (column, row) = (i / destinationStride, i % destinationStride);
            var expected = column < columns && row < rows ? row * sourceStride + column : Canary;
            if (destination[i] != expected) Assert.Fail($"{rows}×{columns}: {destination[i]} instead of {expected} at [{column}, {row}]");
        }
    }

    private static float[] Vectors(int count, int lanes) =>
        Enumerable.Range(0, count * lanes).Select(i => (float)(i * 7919 % 1009 - 500)).ToArray();
}
