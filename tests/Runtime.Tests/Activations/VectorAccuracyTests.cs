using Backprop.Numerics;

namespace Backprop.Tests;

/// <summary>The vector forms in float against the formulas in double, on every width.</summary>
public class VectorAccuracyTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const double Ulp = 1.0 / (1 << 23);

    /// <summary>Below it numbers are subnormal and have an absolute, no relative precision.</summary>
    private const double SmallestNormal = 1.17549435e-38;

    public static TheoryData<Activation> Activations => DerivativeTests.Activations;

    [Theory]
    [MemberData(nameof(Activations))]
    public void ValuesAreAccurateRightIntoTheTails(Activation activation)
    {
        float[] points = Points();
        foreach ((string width, VectorForms.Evaluator evaluate) in VectorForms.Of(activation))
        {
            (float[] values, float[] derivatives) = Run(evaluate, points);
            double worstV = 0, worstD = 0; float atV = 0, atD = 0;
            for (int i = 0; i < points.Length; i++)
            {
                double expected = ScalarActivation.Value(activation, points[i]);
                double e = Math.Max(0, Math.Abs(expected - values[i]) - 1e-42) / (Ulp * Math.Max(Math.Abs(expected), SmallestNormal));
                if (!(e <= worstV)) { worstV = e; atV = points[i]; }
                double ed = ScalarActivation.Derivative(activation, points[i]);
                double e2 = Math.Abs(ed - derivatives[i]) / (Ulp * Math.Max(1, Math.Abs(ed)));
                if (!(e2 <= worstD)) { worstD = e2; atD = points[i]; }
            }
            output.WriteLine($"{activation} {width}: value {worstV:F2} at {atV:R}, derivative {worstD:F2} at {atD:R}");
        }
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
