using Backprop;
using Backprop.Numerics;
using Backprop.Tests.Numerics;
using Runtime.Tests.Activations;

namespace Runtime.Tests.Oracles.BitPatterns;

/// <summary>Vector functions that are swept over the bit patterns together: one, or an activation with its derivative.</summary>
/// <param name="Name">The name.</param>
/// <param name="Results">What each call gives.</param>
/// <param name="Evaluate">The vector form at a width, over an array: results by their index.</param>
internal sealed record BitPatternFunction(string Name, IReadOnlyList<BitPatternResult> Results, Action<int, float[], float[][]> Evaluate)
{
    private static readonly int[] s_lanes = [16, 8, 4, 1];

    /// <summary>All elementwise functions.</summary>
    public static IReadOnlyList<BitPatternFunction> All { get; } =
        [.. VectorFunction.All.Select(Of), .. VectorFunction.Restricted.Select(Of), .. Enum.GetValues<Activation>().Where(activation => activation != Activation.Softmax).Select(Of)];

    private static BitPatternFunction Of(VectorFunction function) => new(
        function.Name,
        // The bound is one of the distance from the correctly rounded value, half an ULP less than from the exact one at worst.
        [new BitPatternResult(function.Name, $"{function.Bound} ULP of the rounded value", function.Exact, (_, actual, exact) => UlpError.OfRounded(actual, exact) / function.Bound, UlpError.OfExact)],
        (lanes, x, results) => function.Evaluate(lanes, x, results[0]));

    private static BitPatternFunction Of(Activation activation)
    {
        VectorForms.Evaluator[] evaluators = [.. VectorForms.Of(activation).Select(form => form.Evaluate)];
        string units = activation == Activation.GELUTanh ? "4 · 2⁻²³ φ, and 1.5 w · 2⁻²³ φ for z < 0" : "4 · 2⁻²³ φ";
        return new(
            activation.ToString(),
            [
                new($"{activation} φ", units, z => ScalarActivation.Value(activation, z),
                    (z, actual, exact) => Share(actual, exact, DocumentedBounds.Value(activation, z, exact)),
                    (actual, exact) => Math.Max(0, Distance(actual, exact) - DocumentedBounds.Underflow) / (DocumentedBounds.Ulp * Math.Max(Math.Abs(exact), float.Epsilon))),
                // The slope at NaN is not defined; the value there is NaN, and so is every δ.
                new($"{activation} φ′", "5 · 2⁻²³ max(1, φ′)", z => double.IsNaN(z) ? double.NaN : ScalarActivation.Derivative(activation, z),
                    (_, actual, exact) => double.IsNaN(exact) ? 0 : Share(actual, exact, DocumentedBounds.Derivative(exact)),
                    (actual, exact) => double.IsNaN(exact) ? 0 : Distance(actual, exact) / (DocumentedBounds.Ulp * Math.Max(1, Math.Abs(exact)))),
            ],
            (lanes, x, results) => evaluators[Array.IndexOf(s_lanes, lanes)](x, results[0], results[1]));
    }

    private static double Share(float actual, double exact, double allowed) => Distance(actual, exact) is > 0 and var distance ? distance / allowed : 0;

    private static double Distance(float actual, double exact) =>
        actual == (float)exact && float.IsInfinity(actual) || float.IsNaN(actual) && double.IsNaN(exact) ? 0
        : Math.Abs(actual - exact) is var distance && double.IsNaN(distance) ? double.PositiveInfinity
        : distance;
}

/// <summary>One result of a function.</summary>
/// <param name="Name">The name.</param>
/// <param name="Bound">The documented bound, in words.</param>
/// <param name="Exact">The function in double.</param>
/// <param name="Share">The error of a result in units of its bound, from the argument, the result and the exact value: more than 1 is a failure.</param>
/// <param name="Error">The error in the unit of the table.</param>
internal sealed record BitPatternResult(string Name, string Bound, Func<double, double> Exact, Func<float, float, double, double> Share, Func<float, double, double> Error);
