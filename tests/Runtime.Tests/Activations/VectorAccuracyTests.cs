using Backprop;
using Backprop.Numerics;

namespace Runtime.Tests.Activations;

/// <summary>The vector forms in float against the formulas in double, on every width.</summary>
public class VectorAccuracyTests
{
    public static TheoryData<Activation> Activations => DerivativeTests.Activations;

    /// <summary>Values, by <see cref="DocumentedBounds"/>.</summary>
    [Theory]
    [MemberData(nameof(Activations))]
    public void ValuesAreAccurateRightIntoTheTails(Activation activation)
    {
        float[] points = Points();
        foreach ((string width, VectorForms.Evaluator evaluate) in VectorForms.Of(activation))
        {
            (float[] values, _) = Run(evaluate, points);
            for (int i = 0; i < points.Length; i++)
            {
                double z = points[i], expected = ScalarActivation.Value(activation, z);
                double allowed = DocumentedBounds.Value(activation, z, expected);
                Assert.True(Math.Abs(expected - values[i]) <= allowed, $"{width}: φ({z:R}) = {expected:R}, got {values[i]:R}");
            }
        }
    }

    /// <summary>Derivatives, by <see cref="DocumentedBounds"/>.</summary>
    [Theory]
    [MemberData(nameof(Activations))]
    public void DerivativesAreAccurate(Activation activation)
    {
        float[] points = Points();
        foreach ((string width, VectorForms.Evaluator evaluate) in VectorForms.Of(activation))
        {
            (_, float[] derivatives) = Run(evaluate, points);
            for (int i = 0; i < points.Length; i++)
            {
                double expected = ScalarActivation.Derivative(activation, points[i]);
                double allowed = DocumentedBounds.Derivative(expected);
                Assert.True(
                    Math.Abs(expected - derivatives[i]) <= allowed, $"{width}: φ′({points[i]:R}) = {expected:R}, got {derivatives[i]:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void SpecialValuesAreThoseOfTheFormulas(Activation activation)
    {
        float[] points = [0f, -0f, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 1, -1, 3, -3, float.NaN];
        foreach ((string width, VectorForms.Evaluator evaluate) in VectorForms.Of(activation))
        {
            (float[] values, float[] derivatives) = Run(evaluate, points);
            for (int i = 0; i < points.Length; i++)
            {
                float expected = (float)ScalarActivation.Value(activation, points[i]);
                Assert.True(Same(expected, values[i]), $"{width}: φ({points[i]}) = {expected:R}, got {values[i]:R}");
                if (float.IsNaN(points[i]))
                    continue;
                float slope = (float)ScalarActivation.Derivative(activation, points[i]);
                Assert.True(Math.Abs(slope - derivatives[i]) <= 1e-6, $"{width}: φ′({points[i]}) = {slope:R}, got {derivatives[i]:R}");
            }
        }

        static bool Same(float expected, float actual) =>
            expected.Equals(actual) || Math.Abs(expected - actual) <= 4 * DocumentedBounds.Ulp * Math.Abs(expected);
    }

    private static (float[] Values, float[] Derivatives) Run(VectorForms.Evaluator evaluate, float[] z)
    {
        var values = new float[z.Length];
        var derivatives = new float[z.Length];
        evaluate(z, values, derivatives);
        return (values, derivatives);
    }

    /// <summary>Both signs of: a fine grid, random numbers, and every power of two with neighbours.</summary>
    private static float[] Points()
    {
        var random = new Random(3);
        IEnumerable<float> grid = Enumerable.Range(0, 4000).Select(i => i / 32f);
        IEnumerable<float> draws = Enumerable.Range(0, 20_000).Select(_ => 20 * random.NextSingle());
        IEnumerable<float> powers = Enumerable.Range(-149, 277).Select(e => MathF.ScaleB(1, e))
            .SelectMany(p => new[] { p, MathF.BitIncrement(p), 1.37f * p });
        return grid.Concat(draws).Concat(powers).Where(float.IsFinite).SelectMany(v => new[] { v, -v }).ToArray();
    }
}
