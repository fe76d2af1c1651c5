using Backprop;
using Backprop.Numerics;

namespace Runtime.Tests.Losses;

/// <summary>The losses' formulas in double, and their vector forms on every width.</summary>
public class LossTests
{
    private const double Ulp = 1.0 / (1 << 23);

    public static TheoryData<Loss> OutputLosses => new(Loss.MeanSquaredError, Loss.HalfSquaredError, Loss.MeanAbsoluteError, Loss.Huber);

    [Theory]
    [InlineData(Loss.MeanSquaredError, 3, 1, 4, 4)]
    [InlineData(Loss.HalfSquaredError, 3, 1, 2, 2)]
    [InlineData(Loss.MeanAbsoluteError, 1, 3, 2, -1)]
    [InlineData(Loss.MeanAbsoluteError, 2, 2, 0, 0)]
    [InlineData(Loss.Huber, 0.5, 0, 0.125, 0.5)]
    [InlineData(Loss.Huber, 1, 0, 0.5, 1)]
    [InlineData(Loss.Huber, -2, 1, 2.5, -1)]
    public void FormulasGiveTheTextbookValues(Loss loss, double y, double t, double value, double derivative)
    {
        Assert.Equal(value, ScalarLoss.Value(loss, y, t));
        Assert.Equal(derivative, ScalarLoss.Derivative(loss, y, t));
    }

    [Theory]
    [MemberData(nameof(OutputLosses))]
    public void VectorFormsAgree(Loss loss)
    {
        var random = new Random(2);
        float[] y = Draw(random, 1000), t = Draw(random, 1000);
        y[0] = t[0] = 1;
        (y[1], t[1], y[2], t[2]) = (float.PositiveInfinity, 0, float.NegativeInfinity, 0);
        (y[3], y[4], t[4]) = (float.NaN, 2, 1);
        foreach ((string width, VectorForms.LossEvaluator evaluate) in VectorForms.Of(loss))
        {
            var value = new float[y.Length];
            var derivative = new float[y.Length];
            evaluate(y, t, value, derivative);
            for (int i = 0; i < y.Length; i++)
            {
                // d = y − t is rounded before it is used, in double too, so that the comparison is about the formula.
                double d = y[i] - t[i];
                AssertClose(ScalarLoss.Value(loss, d, 0), value[i], width);
                AssertClose(ScalarLoss.Derivative(loss, d, 0), derivative[i], width);
            }
        }
    }

    [Fact]
    public void BinaryCrossEntropyIsAccurateInTheTails()
    {
        foreach (double z in new[] { -800.0, -50, -1, 0, 1, 50, 800 })
        {
            foreach (double t in new[] { 0, 0.25, 1 })
            {
                // −ln σ(z) and −ln(1 − σ(z)), each as softplus.
                double expected = t * Softplus.Value(-z) + (1 - t) * Softplus.Value(z);
                Check.Close(expected, BinaryCrossEntropy.Value(z, t), 1e-15);
            }
        }

        Assert.Equal(Math.Exp(-50), BinaryCrossEntropy.Value(50, 1), 1e-36);
        Assert.Equal(0.25, BinaryCrossEntropy.Derivative(0, 0.25));
    }

    [Fact]
    public void BinaryCrossEntropyVectorFormAgrees()
    {
        AssertBinaryCrossEntropy<Lanes512>();
        AssertBinaryCrossEntropy<Lanes256>();
        AssertBinaryCrossEntropy<Lanes128>();
        AssertBinaryCrossEntropy<Lanes32>();
    }

    [Fact]
    public void LogSumExpNeitherOverflowsNorUnderflows()
    {
        Assert.Equal(1000 + Math.Log(2), CrossEntropy.LogSumExp([1000, 1000]), 1e-12);
        Assert.Equal(-1000, CrossEntropy.LogSumExp([-1000, -2000]), 1e-12);
        Assert.Equal(Math.Log(3), CrossEntropy.Value([0, 0, 0], [0, 1, 0]), 1e-15);
        Assert.True(double.IsNaN(CrossEntropy.LogSumExp([0, double.NaN])));
    }

    private static void AssertBinaryCrossEntropy<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        for (float z = -100; z <= 100; z += 0.37f)
        {
            foreach (float t in new[] { 0f, 1f })
            {
                TLanes value = BinaryCrossEntropy.Value(TLanes.Create(z), TLanes.Create(t));
                float first = 0;
                TLanes.StoreFirst(value, ref first, 0, 1);
                double expected = BinaryCrossEntropy.Value(z, t);
                Assert.True(Math.Abs(expected - first) <= 4 * Ulp * Math.Max(expected, 1.17549435e-38), $"z = {z}, t = {t}: {expected} {first}");
            }
        }
    }

    private static void AssertClose(double expected, float actual, string width)
    {
        bool close = ((float)expected).Equals(actual) || Math.Abs(expected - actual) <= 3 * Ulp * Math.Abs(expected);
        Assert.True(close, $"{width}: expected {expected:R}, got {actual:R}");
    }

    private static float[] Draw(Random random, int count) => Enumerable.Range(0, count).Select(_ => 4 * random.NextSingle() - 2).ToArray();
}
