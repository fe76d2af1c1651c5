using Backprop.Numerics;

namespace Backprop.Tests.Numerics;

/// <summary>The operations of the lanes against the same on single floats.</summary>
public sealed class LanesTests
{
    private static readonly float[] X =
        [1.5f, -2.25f, 0f, -0f, 3e38f, 1e-40f, 100.5f, -7f, 2.5f, 3.5f, -2.5f, 0.49999997f, 8388609f, -1e30f, 1f, 12345.678f];

    private static readonly float[] Y =
        [-0.5f, 4f, 2f, 0f, -1f, 1e-3f, 100.25f, -7f, 16f, -3.25f, 1e-20f, 5f, 3f, 1e-30f, -1f, 0.125f];

    [Fact]
    public void Arithmetic_is_the_scalar_one_lane_by_lane() => Widths.ForEach(new Arithmetic());

    [Fact]
    public void Reciprocal_roots_are_estimated_alike_on_every_width() => Widths.ForEach(new ReciprocalRoots());

    [Fact]
    public void Selections_follow_the_mask() => Widths.ForEach(new Selections());

    [Fact]
    public void Scaling_is_rounded_once_from_subnormals_to_infinity() => Widths.ForEach(new Scaling());

    [Fact]
    public void Products_are_rounded_to_integers_and_lifted_powers_of_two_are_exact() => Widths.ForEach(new Lifting());

    [Fact]
    public void Splitting_gives_a_mantissa_around_1_and_an_integral_exponent() => Widths.ForEach(new Splitting());

    [Fact]
    public void Partial_loads_and_stores_touch_the_first_floats_only() => Widths.ForEach(new Partial());

    [Fact]
    public void Sums_and_maxima_take_every_lane() => Widths.ForEach(new Across());

    [Fact]
    public void A_nan_behind_a_bound_stays() => Widths.ForEach(new NanBehindBound());

    private static float[] Store<TLanes>(TLanes value) where TLanes : struct, ILanes<TLanes>
    {
        var floats = new float[TLanes.Count];
        TLanes.Store(value, ref floats[0], 0);
        return floats;
    }

    /// <summary>Calls the check with 16 lanes of X and Y at a time, and where they begin.</summary>
    private static void ForAll<TLanes>(Action<TLanes, TLanes, int> check) where TLanes : struct, ILanes<TLanes>
    {
        for (var i = 0; i < X.Length; i += TLanes.Count) check(TLanes.Load(in X[0], i), TLanes.Load(in Y[0], i), i);
    }

    private static void Same<TLanes>(Func<float, float, float> expected, TLanes actual, int start) where TLanes : struct, ILanes<TLanes>
    {
        var lanes = Store(actual);
        for (var i = 0; i < lanes.Length; i++)
        {
            var value = expected(X[start + i], Y[start + i]);
            Assert.True(
                BitConverter.SingleToInt32Bits(value) == BitConverter.SingleToInt32Bits(lanes[i]),
                $"{typeof(TLanes).Name}: {lanes[i]:G9} instead of {value:G9} for {X[start + i]:G9} and {Y[start + i]:G9}");
        }
    }

    private readonly struct Arithmetic : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes> => ForAll<TLanes>((x, y, i) =>
        {
            Same((a, b) => a + b, x + y, i);
            Same((a, b) => a - b, x - y, i);
            Same((a, b) => a * b, x * y, i);
            Same((a, b) => b / a, y / (x + TLanes.Create(0f)), i);
            Same((a, _) => -a, -x, i);
            Same((a, _) => MathF.Abs(a), TLanes.Abs(x), i);
            Same((a, _) => -MathF.Abs(a), TLanes.NegativeAbs(x), i);
            Same((a, _) => MathF.Sqrt(MathF.Abs(a)), TLanes.Sqrt(TLanes.Abs(x)), i);
            Same((a, _) => MathF.Round(a), TLanes.Round(x), i);
            Same((a, b) => MathF.CopySign(a, b), TLanes.CopySign(x, y), i);
            Same((a, b) => a < b ? a : b, TLanes.Min(x, y), i);
            Same((a, b) => a > b ? a : b, TLanes.Max(x, y), i);
            // Exact in either rounding: small integers.
            Same((a, b) => 7f, TLanes.MultiplyAdd(TLanes.Create(2f), TLanes.Create(3f), TLanes.Create(1f)), i);
            Same((a, b) => -5f, TLanes.NegatedMultiplyAdd(TLanes.Create(2f), TLanes.Create(3f), TLanes.Create(1f)), i);
        });
    }

    private readonly struct ReciprocalRoots : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (float x = 1.17549435e-38f; x < 1e38f; x *= 1.37f)
            {
                float[] actual = Store(TLanes.ReciprocalSqrtEstimate(TLanes.Create(x)));
                double relative = actual[0] * Math.Sqrt(x) - 1;
                Assert.True(Math.Abs(relative) <= Math.ScaleB(1, -14), $"{typeof(TLanes).Name}: off by {relative} at {x:G9}");
                Assert.All(actual, y => Assert.Equal(Store(Lanes32.ReciprocalSqrtEstimate(x))[0], y));
            }
        }
    }

    private readonly struct Selections : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes> => ForAll<TLanes>((x, y, i) =>
        {
            Same((a, b) => a > b ? a : b + 1, TLanes.Select(TLanes.GreaterThan(x, y), x, y + TLanes.Create(1f)), i);
            Same((a, b) => a > b ? a : b + 1, TLanes.SelectGreater(x, y, x, y + TLanes.Create(1f)), i);
            Same((a, b) => 2f, TLanes.SelectGreater(TLanes.Create(float.NaN), x, TLanes.Create(1f), TLanes.Create(2f)), i);
            Same((a, b) => a > b ? 3f : 0f, TLanes.GreaterThan(x, y) & TLanes.Create(3f), i);
            Same((a, b) => a == 0 ? 1f : 2f, TLanes.Select(TLanes.IsNaN(x / x), TLanes.Create(1f), TLanes.Create(2f)), i);
            Same((a, b) => 2f, TLanes.Select(TLanes.GreaterThan(x, TLanes.Create(float.NaN)), TLanes.Create(1f), TLanes.Create(2f)), i);
            float[] lanes = Store(x);
            foreach (float bound in (float[])[0.1f, 3f, 1e9f, float.PositiveInfinity])
                Assert.Equal(lanes.All(lane => MathF.Abs(lane) < bound), TLanes.AllWithin(x, bound));
            Assert.False(TLanes.AllWithin(TLanes.Create(float.NaN), float.PositiveInfinity));
            for (var count = 0; count <= TLanes.Count; count++)
            {
                var kept = Store(TLanes.KeepFirst(TLanes.Create(5f), count));
                Assert.Equal(Enumerable.Range(0, TLanes.Count).Select(k => k < count ? 5f : 0f), kept);
                kept = Store(TLanes.KeepLast(TLanes.Create(float.NaN), count));
                Assert.Equal(Enumerable.Range(0, TLanes.Count).Select(k => k >= TLanes.Count - count ? float.NaN : 0f), kept);
            }
        });
    }

    private readonly struct Scaling : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            foreach (var x in (float[])[1f, 1.4142135f, 0.70710677f, 1.0000001f, -1.25f])
            {
                for (var n = -200; n <= 200; n++)
                {
                    var expected = (float)Math.ScaleB(x, n);
                    Assert.All(Store(TLanes.ScaleByPowerOfTwo(TLanes.Create(x), TLanes.Create(n))), y => Assert.Equal(expected, y));
                }
            }
        }
    }

    private readonly struct Lifting : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            // Ties, which may go either way, and what is just beside one.
            foreach (var part in (float[])[0f, 0.25f, 0.5f, -0.5f, 0.4375f, -0.4375f])
            {
                for (var n = -189; n <= 62; n++)
                {
                    var rounded = Store(TLanes.RoundProduct(TLanes.Create((n + part) / 4), TLanes.Create(4f), out var power));
                    Assert.All(rounded, y => Assert.True(float.IsInteger(y) && Math.Abs(y - (n + part)) <= 0.5, $"{n + part}: {y}"));
                    Assert.All(Store(TLanes.LiftedPower(power)), y => Assert.Equal(Math.ScaleB(1, (int)rounded[0] + 64), y));
                }
            }

            Assert.All(Store(TLanes.RoundProduct(TLanes.Create(float.NaN), TLanes.Create(4f), out _)), y => Assert.True(float.IsNaN(y)));
        }
    }

    private readonly struct Splitting : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            foreach (var x in (float[])[1f, 0.70710678f, 0.7071067f, 1.4142135f, 1.4142136f, 3f, 1.17549435e-38f, float.MaxValue, 0.1f])
            {
                var m = Store(TLanes.SplitExponent(TLanes.Create(x), out var exponent));
                var n = Store(exponent);
                for (var i = 0; i < m.Length; i++)
                {
                    Assert.InRange(m[i], 0.70710678f, 1.4142135f);
                    Assert.Equal(x, Math.ScaleB(m[i], (int)n[i]));
                }
            }
        }
    }

    private readonly struct Partial : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            const float canary = -777f;
            for (var start = 0; start < 3; start++)
            {
                for (var count = 0; count <= TLanes.Count; count++)
                {
                    var source = new float[start + 2 * TLanes.Count];
                    Array.Fill(source, float.NaN);
                    for (var i = 0; i < count; i++) source[start + i] = i + 1;
                    var loaded = TLanes.LoadFirst(in source[0], start, count);
                    Assert.Equal(Enumerable.Range(1, TLanes.Count).Select(i => i <= count ? i : 0f), Store(loaded));

                    var destination = new float[source.Length];
                    Array.Fill(destination, canary);
                    TLanes.StoreFirst(loaded + TLanes.Create(1f), ref destination[0], start, count);
                    for (var i = 0; i < destination.Length; i++)
                        Assert.Equal(i >= start && i < start + count ? i - start + 2 : canary, destination[i]);
                }
            }
        }
    }

    private readonly struct Across : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var powers = Enumerable.Range(0, TLanes.Count).Select(i => (float)(1 << i)).ToArray();
            Assert.Equal((1 << TLanes.Count) - 1, TLanes.SumAcross(TLanes.Load(in powers[0], 0)));
            AssertEveryLane((1 << TLanes.Count) - 1, TLanes.SumInEveryLane(TLanes.Load(in powers[0], 0)));
            var all = TLanes.Load(in powers[0], 0);
            var sums = new float[4];
            Lanes128.Store(TLanes.SumEach(all, all + all, TLanes.Create(1f), all - all), ref sums[0], 0);
            Assert.Equal([(1 << TLanes.Count) - 1f, 2f * ((1 << TLanes.Count) - 1), TLanes.Count, 0f], sums);
            for (var largest = 0; largest < TLanes.Count; largest++)
            {
                var values = Enumerable.Range(0, TLanes.Count).Select(i => i == largest ? -1f : -2f - i).ToArray();
                AssertEveryLane(-1f, TLanes.MaxInEveryLane(TLanes.Load(in values[0], 0)));
            }
        }

        private static void AssertEveryLane<TLanes>(float expected, TLanes actual) where TLanes : struct, ILanes<TLanes>
        {
            var lanes = new float[TLanes.Count];
            TLanes.Store(actual, ref lanes[0], 0);
            Assert.All(lanes, lane => Assert.Equal(expected, lane));
        }
    }

    private readonly struct NanBehindBound : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var nan = TLanes.Create(float.NaN);
            Assert.All(Store(TLanes.Min(TLanes.Create(1f), nan)), x => Assert.True(float.IsNaN(x)));
            Assert.All(Store(TLanes.Max(TLanes.Create(1f), nan)), x => Assert.True(float.IsNaN(x)));
        }
    }
}
