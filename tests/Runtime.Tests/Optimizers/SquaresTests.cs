using Backprop.Numerics;
using Backprop.Optimizers;
using Backprop.Tests.Numerics;

namespace Backprop.Tests.Optimizers;

/// <summary>What the adaptive optimizers divide by, and the sums of squares that it is the root of.</summary>
public sealed class SquaresTests
{
    private const float SmallestNormal = Subnormals.SmallestNormal;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_denominator_is_the_scaled_root_and_epsilon(bool byNewton) => Widths.ForEach(new Roots(byNewton));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_least_and_the_greatest_sum_have_roots(bool byNewton) => Widths.ForEach(new Limits(byNewton));

    [Fact]
    public void Sums_fade_and_are_never_subnormal() => Widths.ForEach(new Fading());

    private static float[] Of<TLanes>(float factor, float epsilon, bool byNewton, float v) where TLanes : struct, ILanes<TLanes>
    {
        var result = new float[TLanes.Count];
        TLanes.Store(new Denominator<TLanes>(factor, epsilon, byNewton).Of(TLanes.Create(v)), ref result[0], 0);
        return result;
    }

    private readonly record struct Roots(bool ByNewton) : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (float v = SmallestNormal; v < 1e38f; v *= 1.37f)
            {
                foreach ((float factor, float epsilon) in ((float, float)[])[(1f, 1e-30f), (0.0316f, 1e-30f), (1f, 1e-8f), (31.6f, 1e-3f)])
                {
                    double expected = factor * Math.Sqrt(v) + epsilon;
                    foreach (float actual in Of<TLanes>(factor, epsilon, ByNewton, v))
                        Assert.True(Math.Abs(actual - expected) <= 2.5e-7 * expected, $"{typeof(TLanes).Name}: {actual:G9} instead of {expected:G9} at {v:G9}");
                }
            }
        }
    }

    private readonly record struct Limits(bool ByNewton) : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            Assert.All(Of<TLanes>(1f, 1e-8f, ByNewton, SmallestNormal), actual => Assert.Equal(1e-8f, actual));
            Assert.All(Of<TLanes>(1f, 1e-8f, ByNewton, float.PositiveInfinity), actual => Assert.True(actual > 1.8e19f));
            Assert.All(Of<TLanes>(1f, 1e-8f, ByNewton, float.NaN), actual => Assert.True(float.IsNaN(actual)));
        }
    }

    private readonly struct Fading : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var sums = new float[TLanes.Count];
            var squares = new SumOfSquares<TLanes>(0.5f);
            float[] expected = [9f, 4.5f, 2.25f, 1.125f + 4f];
            float[] gradients = [3f, 0f, 1e-25f, 2f];
            for (int step = 0; step < expected.Length; step++)
            {
                squares.Add(ref sums[0], 0, TLanes.Create(gradients[step]));
                Assert.All(sums, sum => Assert.Equal(expected[step], sum));
            }

            Array.Clear(sums);
            foreach (float gradient in (float[])[0f, 1e-25f, 1e-22f, -1e-20f, 0f])
            {
                for (int step = 0; step < 300; step++)
                {
                    squares.Add(ref sums[0], 0, TLanes.Create(gradient));
                    Assert.All(sums, sum => Assert.True(sum >= SmallestNormal));
                }
            }
        }
    }
}
