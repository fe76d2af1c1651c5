using Backprop;
using Backprop.Numerics;

namespace Runtime.Tests.Activations;

/// <summary>The vector forms in float against the formulas in double, on every width.</summary>
public class VectorAccuracyTests
{
    private const double Ulp = 1.0 / (1 << 23);

    /// <summary>Where φ = z · (a subnormal factor), the factor has an absolute, no relative precision: a step of 2⁻¹⁴⁹, up to 104 times.</summary>
    private const double Underflow = 104 * 1.4e-45;

    public static TheoryData<Activation> Activations => DerivativeTests.Activations;

    /// <summary>Values are within 4 ULP; GELUTanh's for negative z within 1.5 |w| ULP more, as its documentation says (|w| ≈ 1.6 (|z| + 0.044715 |z|³)).</summary>
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
                double bound = activation == Activation.GELUTanh && z < 0 ? 4 + 2.4 * (-z + 0.044715 * -z * z * z) : 4;
                double allowed = bound * Ulp * Math.Abs(expected) + Underflow;
                Assert.True(Math.Abs(expected - values[i]) <= allowed, $"{width}: φ({z:R}) = {expected:R}, got {values[i]:R}");
            }
        }
    }

    /// <summary>Derivatives are within 5 ULP of max(1, |φ′|): they multiply sums of about 1, and near their zeros terms cancel.</summary>
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
                double allowed = 5 * Ulp * Math.Max(1, Math.Abs(expected));
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
            expected.Equals(actual) || Math.Abs(expected - actual) <= 4 * Ulp * Math.Abs(expected);
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
