using System.Numerics.Tensors;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>A vector in double, and how far one computed in float may be from it.</summary>
/// <param name="Value">The vector.</param>
/// <param name="Error">The most that each element may differ.</param>
/// <param name="Norm">The most that the whole may differ, in the 2-norm.</param>
internal sealed record Bounded(double[] Value, double[] Error, double Norm)
{
    /// <summary>A vector that is exact in float.</summary>
    public static Bounded Exact(ReadOnlySpan<double> value) => new(value.ToArray(), new double[value.Length], 0);

    /// <summary>A vector of which only the elements' errors are known.</summary>
    public static Bounded Of(double[] value, double[] error) => Of(value, error, double.PositiveInfinity);

    /// <summary>
    /// Errors that are known in two ways. The elements' own bounds add up magnitudes, layer for layer, as if all errors had
    /// the worst signs at once; the norm grows with the largest singular value only. Neither is the smaller everywhere.
    /// </summary>
    public static Bounded Of(double[] value, double[] error, double norm)
    {
        // Where bounds have overflowed, 0 · ∞ and ∞ − ∞ know nothing.
        for (int i = 0; i < error.Length; i++)
            error[i] = double.IsNaN(error[i]) ? double.PositiveInfinity : error[i];
        norm = Math.Min(double.IsNaN(norm) ? double.PositiveInfinity : norm, Length(error));
        for (int i = 0; i < error.Length; i++)
            error[i] = Math.Min(error[i], norm);
        return new(value, error, norm);
    }

    /// <summary>|value| + error: the largest that a computed element can be.</summary>
    public double[] Magnitudes()
    {
        var magnitudes = new double[Value.Length];
        TensorPrimitives.Abs<double>(Value, magnitudes);
        TensorPrimitives.Add<double>(magnitudes, Error, magnitudes);
        return magnitudes;
    }

    /// <summary>The 2-norm.</summary>
    public static double Length(ReadOnlySpan<double> values) => TensorPrimitives.Norm<double>(values);
}
