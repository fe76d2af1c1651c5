using Backprop;

namespace Runtime.Tests.Activations;

/// <summary>
/// What docs/numerics.md promises of the vector forms of activations. Every test of their accuracy asserts these, and the
/// error analysis of whole networks takes them as given.
/// </summary>
internal static class DocumentedBounds
{
    /// <summary>2⁻²³: the distance of floats at 1.</summary>
    public const double Ulp = 1.0 / (1 << 23);

    /// <summary>Where φ = z · (a subnormal factor), the factor has an absolute, no relative precision: a step of 2⁻¹⁴⁹, up to 104 times.</summary>
    public const double Underflow = 104 * 1.4e-45;

    /// <summary>
    /// Values are within 4 · 2⁻²³ |φ|; GELUTanh's for negative z within 1.5 |w| · 2⁻²³ more, as its documentation says
    /// (|w| ≈ 1.6 (|z| + 0.044715 |z|³)).
    /// </summary>
    public static double Value(Activation activation, double z, double value)
    {
        double units = activation == Activation.GELUTanh && z < 0 ? 4 + 2.4 * (-z + 0.044715 * -z * z * z) : 4;
        return units * Ulp * Math.Abs(value) + Underflow;
    }

    /// <summary>Derivatives are within 5 · 2⁻²³ max(1, |φ′|): they multiply sums of about 1, and near their zeros terms cancel.</summary>
    public static double Derivative(double derivative) => 5 * Ulp * Math.Max(1, Math.Abs(derivative));
}
