using Backprop.Numerics;

namespace Backprop.Tests.Numerics;

/// <summary>eˣ in units of a power of two near e^largest, on every width.</summary>
public sealed class ExpInUnitsOfTests
{
    private const float Infinity = float.PositiveInfinity;

    /// <summary>Far from 0 it is as exact as its argument.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-200, 0)]
    [InlineData(2e4, 0.001)] // half the last bit of such a number
    public void It_is_within_2_ulp(float centre, double moved)
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            float largest = centre + 20 * random.NextSingle();
            // To beyond the last subnormal.
            float[] x = [.. Enumerable.Range(0, 32).Select(i => i == 0 ? largest : largest - 110 * random.NextSingle())];
            ForEachWidth(x, largest, (x, y, width) =>
            {
                Assert.InRange(y[0], 0.707f, 1.415f);
                double unit = Math.Round(x[0] / Math.Log(2) - Math.Log2(y[0])) * Math.Log(2);
                for (int i = 0; i < x.Length; i++)
                {
                    double exact = Math.Exp(x[i] - unit);
                    Assert.True(
                        UlpError.OfRounded(y[i], exact) <= 2 || Math.Abs(y[i] - exact) <= moved * exact,
                        $"{width}: {y[i]:G9} instead of {exact:G9} at {x[i]:G9}, largest {largest:G9}");
                }
            });
        }
    }

    /// <summary>Neighbours among large floats are more than 1 apart: the larger must remain the larger, and finite.</summary>
    [Theory]
    [InlineData(1e6f)]
    [InlineData(1e8f)]
    [InlineData(-1e8f)]
    [InlineData(1e20f)]
    [InlineData(2.3e38f)]
    [InlineData(-1.9e38f)]
    public void Large_arguments_keep_their_order(float largest) => ForEachWidth(
        [largest, MathF.BitDecrement(largest), largest - 2e-6f * MathF.Abs(largest), largest - 0.5f * MathF.Abs(largest)], largest, (x, y, width) =>
        {
            Assert.InRange(y[0], 0.5f, 2f);
            Assert.InRange(y[1], 0, 1.1f * y[0]);
            Assert.InRange(y[2], 0, 1.1f * y[1]);
            Assert.Equal(0, y[3]);
        });

    [Fact]
    public void Special_values_are_exact()
    {
        ForEachWidth([0f, -0f, -Infinity, -105f, float.MinValue], 0f, (_, y, _) => Assert.Equal([1, 1, 0, 0, 0], y));
        ForEachWidth([float.NaN, 1f, -Infinity], 1f, (_, y, _) => Assert.Equal([true, false, false], y.Select(float.IsNaN)));
        ForEachWidth([Infinity, 1f], Infinity, (_, y, _) => Assert.True(float.IsNaN(y[0]) && y[1] == 0));
    }

    private static void ForEachWidth(float[] x, float largest, Action<float[], float[], string> check) => Widths.ForEach(new OnWidth(x, largest, check));

    private readonly record struct OnWidth(float[] X, float Largest, Action<float[], float[], string> Check) : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var y = new float[X.Length];
            for (int i = 0; i < X.Length; i += TLanes.Count)
            {
                int count = Math.Min(TLanes.Count, X.Length - i);
                TLanes.StoreFirst(VectorMath.ExpInUnitsOf(TLanes.LoadFirst(in X[0], i, count), TLanes.Create(Largest)), ref y[0], i, count);
            }
            Check(X, y, typeof(TLanes).Name);
        }
    }
}
