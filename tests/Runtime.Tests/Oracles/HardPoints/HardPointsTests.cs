using System.Globalization;
using System.Reflection;
using Backprop;
using Backprop.Numerics;
using Backprop.Tests.Numerics;
using Runtime.Tests.Activations;

namespace Runtime.Tests.Oracles.HardPoints;

/// <summary>
/// The vector functions and the formulas in double against values that mpmath computed to 50 digits, at points where an
/// implementation may go wrong (see README.md).
/// </summary>
public class HardPointsTests
{
    /// <summary>What the formulas in double may be off by: their relative error, and that of terms of about 1 that cancel.</summary>
    private const double Relative = 2e-13, Cancelled = 1e-15;

    private static readonly Lazy<ILookup<string, Point>> s_points = new(Read);

    public static TheoryData<string> Functions => [.. VectorFunction.All.Select(function => function.Name)];

    public static TheoryData<Activation> Activations => DerivativeTests.Activations;

    [Theory, MemberData(nameof(Functions))]
    public void Vector_functions_are_within_their_bounds(string name)
    {
        VectorFunction function = VectorFunction.Named(name);
        Point[] points = Points(name);
        float[] x = Arguments(points), y = new float[x.Length];
        foreach (int lanes in new[] { 16, 8, 4, 1 })
        {
            function.Evaluate(lanes, x, y);
            for (int i = 0; i < x.Length; i++)
            {
                double error = UlpError.OfRounded(y[i], points[i].Value);
                Assert.True(error <= function.Bound, $"{name}({x[i]:R}), {lanes} lanes: expected {points[i].Value:R}, got {y[i]:R}: {error:F2} ULP");
            }
        }
        Assert.All(points, point => AssertFormula(name, function.Exact(point.X), point));
    }

    [Theory, MemberData(nameof(Activations))]
    public void Activations_are_within_their_bounds(Activation activation)
    {
        Point[] values = Points($"Activation.{activation}"), slopes = Points($"Derivative.{activation}");
        foreach ((string width, VectorForms.Evaluator evaluate) in VectorForms.Of(activation))
        {
            float[] computed = new float[values.Length], derivatives = new float[slopes.Length];
            evaluate(Arguments(values), computed, new float[values.Length]);
            evaluate(Arguments(slopes), new float[slopes.Length], derivatives);
            for (int i = 0; i < values.Length; i++)
                AssertWithin($"{width}: φ", values[i], computed[i], DocumentedBounds.Value(activation, values[i].X, values[i].Value));
            for (int i = 0; i < slopes.Length; i++)
                AssertWithin($"{width}: φ′", slopes[i], derivatives[i], DocumentedBounds.Derivative(slopes[i].Value));
        }
        Assert.All(values, point => AssertFormula("φ", ScalarActivation.Value(activation, point.X), point));
        Assert.All(slopes, point => AssertFormula("φ′", ScalarActivation.Derivative(activation, point.X), point));
    }

    private static void AssertWithin(string what, Point point, float actual, double allowed)
    {
        bool within = Math.Abs(actual - point.Value) <= allowed || actual == (float)point.Value;
        Assert.True(within, $"{what}({point.X:R}): expected {point.Value:R}, got {actual:R}, allowed {allowed:G3}");
    }

    private static void AssertFormula(string what, double actual, Point point)
    {
        double allowed = Relative * Math.Abs(point.Value) + (what == "φ′" ? Cancelled : 1e-300);
        bool within = Math.Abs(actual - point.Value) <= allowed || actual == point.Value;
        Assert.True(within, $"{what}({point.X:R}) in double: expected {point.Value:R}, got {actual:R}");
    }

    private static Point[] Points(string function)
    {
        Point[] points = [.. s_points.Value[function]];
        Assert.InRange(points.Length, 50, 250);
        return points;
    }

    private static float[] Arguments(Point[] points) => Array.ConvertAll(points, point => point.X);

    private static ILookup<string, Point> Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("HardPoints.tsv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t')).ToLookup(
            row => row[0],
            row => new Point(BitConverter.UInt32BitsToSingle(Convert.ToUInt32(row[1], 16)), double.Parse(row[2], CultureInfo.InvariantCulture)));
    }

    // 50 digits, rounded to 53 bits: 2⁻²⁹ of a float's ULP.
    private sealed record Point(float X, double Value);
}
