using Backprop.Numerics;

namespace Backprop.Tests.Numerics;

/// <summary>
/// Every function, on every width, against double precision: over a sample of all bit patterns and at the hard points. Bounds
/// are those that the functions document.
/// </summary>
public sealed class VectorMathTests
{
    /// <summary>Prime, so that the low bits of the patterns take all values.</summary>
    private const uint PatternStride = 3001;

    private static readonly float[] Points = MakePoints();

    [Fact]
    public void Exp_is_within_2_ulp() => Check<ExpFunction>(2, 0, float.PositiveInfinity);

    [Fact]
    public void Exp_of_what_is_not_positive_is_within_2_ulp_and_1() => Check<ExpOfNonPositiveFunction>(2, 0, 1);

    [Fact]
    public void Exp_or_zero_is_within_2_ulp_down_to_the_power_of_minus_55_and_0_below() => Check<ExpOrZeroFunction>(2, 0, 1);

    [Fact]
    public void Log_is_within_2_ulp() => Check<LogFunction>(2, float.NegativeInfinity, float.PositiveInfinity);

    [Fact]
    public void Log1p_is_within_2_ulp() => Check<Log1pFunction>(2, float.NegativeInfinity, float.PositiveInfinity);

    [Fact]
    public void Log1p_up_to_1_is_within_2_ulp() => Check<Log1pUpTo1Function>(2, 0, 0.693147182f);

    [Fact]
    public void Tanh_is_within_4_ulp_and_one() => Check<TanhFunction>(4, -1, 1);

    [Fact]
    public void Sigmoid_is_within_4_ulp_and_between_0_and_1() => Check<SigmoidFunction>(4, 0, 1);

    [Fact]
    public void Erf_is_within_6_ulp_and_one() => Check<ErfFunction>(6, -1, 1);

    [Fact]
    public void Softplus_is_within_3_ulp() => Check<SoftplusFunction>(3, 0, float.PositiveInfinity);

    [Theory]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(1.0, 0.8427007929497149)]
    [InlineData(2.0, 0.9953222650189527)]
    [InlineData(3.0, 0.9999779095030014)]
    [InlineData(-4.0, -0.9999999845827421)]
    public void The_error_function_that_judges_has_tabulated_values(double x, double erf) =>
        Assert.Equal(erf, ErrorFunction.Compute(x), 4e-16);

    [Fact]
    public void Special_values_are_exact()
    {
        const float inf = float.PositiveInfinity;
        Exact<ExpFunction>((0f, 1f), (-0f, 1f), (inf, inf), (-inf, 0f), (89f, inf), (-104f, 0f), (float.MinValue, 0f), (float.MaxValue, inf));
        Exact<ExpOfNonPositiveFunction>((0f, 1f), (-0f, 1f), (inf, 0f), (-inf, 0f), (-104f, 0f), (float.MinValue, 0f));
        Exact<ExpOrZeroFunction>((0f, 1f), (-0f, 1f), (inf, 0f), (-inf, 0f), (-55.000004f, 0f), (-90f, 0f), (float.MinValue, 0f));
        Exact<LogFunction>((1f, 0f), (0f, -inf), (-0f, -inf), (inf, inf), (-inf, float.NaN), (-1f, float.NaN));
        Exact<Log1pFunction>((0f, 0f), (-0f, -0f), (-1f, -inf), (inf, inf), (-inf, float.NaN), (-2f, float.NaN));
        Exact<Log1pUpTo1Function>((0f, 0f), (1f, 0.693147182f), (inf, 0.693147182f), (float.Epsilon, float.Epsilon));
        Exact<TanhFunction>((0f, 0f), (-0f, -0f), (inf, 1f), (-inf, -1f), (9.02f, 1f), (float.MaxValue, 1f), (float.MinValue, -1f));
        Exact<SigmoidFunction>((0f, 0.5f), (-0f, 0.5f), (inf, 1f), (-inf, 0f), (18f, 1f), (-105f, 0f), (float.MinValue, 0f));
        Exact<ErfFunction>((0f, 0f), (-0f, -0f), (inf, 1f), (-inf, -1f), (4f, 1f), (float.MaxValue, 1f), (float.MinValue, -1f));
        Exact<SoftplusFunction>((inf, inf), (-inf, 0f), (100f, 100f), (float.MaxValue, float.MaxValue), (-105f, 0f));
    }

    [Fact]
    public void Nan_gives_nan()
    {
        Exact<ExpFunction>((float.NaN, float.NaN));
        Exact<ExpOfNonPositiveFunction>((float.NaN, float.NaN));
        Exact<ExpOrZeroFunction>((float.NaN, float.NaN));
        Exact<LogFunction>((float.NaN, float.NaN));
        Exact<Log1pFunction>((float.NaN, float.NaN));
        Exact<Log1pUpTo1Function>((float.NaN, float.NaN));
        Exact<TanhFunction>((float.NaN, float.NaN));
        Exact<SigmoidFunction>((float.NaN, float.NaN));
        Exact<ErfFunction>((float.NaN, float.NaN));
        Exact<SoftplusFunction>((float.NaN, float.NaN));
    }

    [Fact]
    public void The_left_tails_fall_to_0_without_a_step_back()
    {
        Widths.ForEach(new LeftTail<ExpFunction>());
        Widths.ForEach(new LeftTail<ExpOfNonPositiveFunction>());
        Widths.ForEach(new LeftTail<SigmoidFunction>());
        Widths.ForEach(new LeftTail<SoftplusFunction>());
    }

    private static void Check<TFunction>(double maxUlp, float least, float greatest) where TFunction : IVectorFunction =>
        Widths.ForEach(new Accuracy<TFunction>(Array.ConvertAll(Points, x => TFunction.Reference(x)), maxUlp, least, greatest));

    private static void Exact<TFunction>(params (float X, float Y)[] expected) where TFunction : IVectorFunction =>
        Widths.ForEach(new ExactValues<TFunction>(expected));

    private static float[] MakePoints()
    {
        float[] centres =
        [
            0, float.Epsilon, 1.17549435e-38f, 1e-30f, 1e-8f, 0.1f, 0.34657359f, 0.41421356f, 0.5f, 0.70710678f, 1, 1.41421356f, 2,
            3.92f, 4, 6.347f, 8.05f, 8.2301445f, 8.34f, 9.02f, 16.6355f, 17.328f, 55, 87.3365f, 88.02969f, 88.72284f, 89, 103.27893f, 103.97208f, 104, 1000,
            2907270, 16777216, 8388608, 3e38f, float.MaxValue,
        ];
        var points = new List<float>();
        foreach (var centre in centres)
        {
            var bits = BitConverter.SingleToInt32Bits(centre);
            for (var b = Math.Max(0, bits - 20); b <= Math.Min(bits + 20, BitConverter.SingleToInt32Bits(float.MaxValue)); b++)
            {
                points.Add(BitConverter.Int32BitsToSingle(b));
                points.Add(-BitConverter.Int32BitsToSingle(b));
            }
        }

        for (ulong pattern = 0; pattern <= uint.MaxValue; pattern += PatternStride)
            points.Add(BitConverter.UInt32BitsToSingle((uint)pattern));

        while (points.Count % Lanes512.Count != 0) points.Add(0);
        return [.. points];
    }

    private readonly record struct Accuracy<TFunction>(double[] Expected, double MaxUlp, float Least, float Greatest) : IWidthCheck
        where TFunction : IVectorFunction
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var actual = VectorFunction.Evaluate<TFunction, TLanes>(Points);
            var (worst, worstIndex) = (0.0, 0);
            for (var i = 0; i < Points.Length; i++)
            {
                var error = UlpError.OfRounded(actual[i], Expected[i]);
                if (error > worst) (worst, worstIndex) = (error, i);
                if (actual[i] < Least || actual[i] > Greatest) Assert.Fail($"{typeof(TLanes).Name}: {actual[i]:G9} at {Points[i]:G9}");
            }

            Assert.True(
                worst <= MaxUlp,
                $"{typeof(TFunction).Name}, {typeof(TLanes).Name}: {worst:F3} ULP at {Points[worstIndex]:G9}: " +
                $"{actual[worstIndex]:G9} instead of {Expected[worstIndex]:G17}");
        }
    }

    private readonly record struct ExactValues<TFunction>((float X, float Y)[] Expected) : IWidthCheck
        where TFunction : IVectorFunction
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            foreach (var (x, y) in Expected)
            {
                // Every lane, and next to it a lane with an ordinary number.
                var inputs = Enumerable.Range(0, 2 * TLanes.Count).Select(i => i % 3 == 1 ? 0.25f : x).ToArray();
                var actual = VectorFunction.Evaluate<TFunction, TLanes>(inputs);
                for (var i = 0; i < inputs.Length; i++)
                {
                    if (i % 3 == 1) continue;
                    Assert.True(
                        BitConverter.SingleToInt32Bits(y) == BitConverter.SingleToInt32Bits(actual[i]) || float.IsNaN(y) && float.IsNaN(actual[i]),
                        $"{typeof(TFunction).Name}, {typeof(TLanes).Name}: {actual[i]:G9} instead of {y:G9} at {x:G9}");
                }
            }
        }
    }

    private readonly record struct LeftTail<TFunction> : IWidthCheck where TFunction : IVectorFunction
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var x = Enumerable.Range(0, 64 * 101).Select(i => -4 - i / 64f).ToArray();
            var y = VectorFunction.Evaluate<TFunction, TLanes>(x);
            for (var i = 1; i < x.Length; i++)
            {
                Assert.True(y[i] < y[i - 1] || y[i] < 1e-42f && y[i] <= y[i - 1], $"{typeof(TFunction).Name}, {typeof(TLanes).Name} rises at {x[i]}");
            }

            Assert.Equal(0f, y[^1]);
        }
    }
}
