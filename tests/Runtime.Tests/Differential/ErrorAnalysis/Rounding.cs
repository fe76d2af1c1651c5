namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>The model of float arithmetic that the error analysis assumes.</summary>
internal static class Rounding
{
    /// <summary>u = 2⁻²⁴: a result that is not subnormal is within u · |result| of the exact one.</summary>
    public const double U = 1.0 / (1 << 24);

    /// <summary>The least positive float: what a subnormal result may be off by, whatever its size.</summary>
    public const double Tiny = float.Epsilon;

    /// <summary>
    /// The standard bound of a sum of products of <paramref name="terms"/> terms, in any order, with or without fused
    /// multiply-add, relative to the sum of their magnitudes (Higham, Accuracy and Stability of Numerical Algorithms, 3.1:
    /// γₙ = nu / (1 − nu), where 2 covers the denominator).
    /// </summary>
    public static double OfSum(int terms) => 2 * (terms + 2) * U;
}
