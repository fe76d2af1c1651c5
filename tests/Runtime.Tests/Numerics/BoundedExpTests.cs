using Backprop.Numerics;

namespace Backprop.Tests.Numerics;

/// <summary>What one sample's softmax takes: eˣ without clamps, of small x as they are and of others below the largest of them, on every width.</summary>
public sealed class BoundedExpTests
{
    private const float Infinity = float.PositiveInfinity;

    [Fact]
    public void Small_numbers_are_those_below_40()
    {
        Widths.ForEach(new Smallness(39.999996f, true));
        Widths.ForEach(new Smallness(-39.999996f, true));
        Widths.ForEach(new Smallness(40f, false));
        Widths.ForEach(new Smallness(-40f, false));
        Widths.ForEach(new Smallness(-Infinity, false));
        Widths.ForEach(new Smallness(float.NaN, false));
    }

    [Fact]
    public void It_is_within_2_ulp_of_small_numbers()
    {
        float[] x = [.. Enumerable.Range(-39_999, 79_999).Select(i => i / 1000f)];
        ForEachWidth(x, null, (i, y) => UlpError.OfRounded(y, Math.Exp(x[i])) <= 2);
    }

    /// <summary>The difference is rounded once, and far from 0 as exact as x is.</summary>
    [Theory]
    [InlineData(0f, VectorMath.Underflow)]
    [InlineData(-200f, VectorMath.Underflow)]
    [InlineData(2e4f, VectorMath.Underflow)]
    [InlineData(1e20f, VectorMath.Underflow)]
    [InlineData(-3e38f, VectorMath.Underflow)]
    [InlineData(60f, VectorMath.Negligible)]
    public void It_is_within_2_ulp_below_the_largest(float largest, float least)
    {
        float[] x = [largest, MathF.BitDecrement(largest), .. Enumerable.Range(0, 4000).Select(i => largest - 0.03f * i), largest - 0.5f * MathF.Abs(largest), -float.MaxValue, -Infinity];
        ForEachWidth(x, new Shifted(largest, least), (i, y) =>
        {
            float below = x[i] - largest;
            return below < least ? y == 0 : UlpError.OfRounded(y, Math.Exp(below)) <= 2;
        });
    }

    [Fact]
    public void Nan_and_an_infinite_largest_give_nan()
    {
        ForEachWidth([float.NaN], null, (_, y) => float.IsNaN(y));
        ForEachWidth([float.NaN], new Shifted(1f, VectorMath.Underflow), (_, y) => float.IsNaN(y));
        ForEachWidth([Infinity], new Shifted(Infinity, VectorMath.Underflow), (_, y) => float.IsNaN(y));
        ForEachWidth([1f, -Infinity], new Shifted(Infinity, VectorMath.Underflow), (_, y) => y == 0);
    }

    private static void ForEachWidth(float[] x, Shifted? shifted, Func<int, float, bool> holds) => Widths.ForEach(new OnWidth(x, shifted, holds));

    private sealed record Shifted(float Largest, float Least);

    private readonly record struct Smallness(float X, bool Expected) : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (int lane = 0; lane < TLanes.Count; lane++)
            {
                var x = new float[TLanes.Count];
                x[lane] = X;
                Assert.Equal(Expected, VectorMath.AreSmall(TLanes.Load(in x[0], 0)));
            }
        }
    }

    private readonly record struct OnWidth(float[] X, Shifted? Shifted, Func<int, float, bool> Holds) : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var y = new float[TLanes.Count];
            for (int i = 0; i < X.Length; i += TLanes.Count)
            {
                int count = Math.Min(TLanes.Count, X.Length - i);
                var x = TLanes.LoadFirst(in X[0], i, count);
                if (Shifted is not null)
                    x = VectorMath.Below(x, TLanes.Create(Shifted.Largest), Shifted.Least);
                TLanes.Store(VectorMath.ExpOfBounded(x), ref y[0], 0);
                for (int k = 0; k < count; k++)
                    Assert.True(Holds(i + k, y[k]), $"{typeof(TLanes).Name}: {y[k]:G9} at {X[i + k]:G9}");
            }
        }
    }
}
