using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>
/// φ(z) = ½ z (1 + tanh u) with u = √(2/π) (z + 0.044715 z³); since ½ (1 + tanh u) = σ(2u), φ(z) = z σ(w) with w = 2u
/// and φ′ = σ(w) + z w′ σ′(w): far out for negative z, where 1 + tanh u cancels, σ(w) does not (Hendrycks and Gimpel 2016).
/// The exponential amplifies the rounding of w: the relative error of the vector form is up to 1.5 |w| ULP for z &lt; 0.
/// </summary>
public readonly struct GELUTanh : IInputActivation
{
    private const double Cubic = 0.044715;
    private const double Scale = 2 * 0.7978845608028654;    // 2 √(2/π)

    /// <inheritdoc/>
    public static double Value(double z)
    {
        // The bound keeps −∞ · 0 from being NaN; σ(w(−1000)) is 0.
        return Math.Max(z, -1000) * Sigmoid.Value(W(z));
    }

    /// <inheritdoc/>
    public static double Derivative(double z)
    {
        double bounded = Math.Clamp(z, -1000, 1000);
        double slope = Scale * (1 + 3 * Cubic * bounded * bounded);
        return Sigmoid.Value(W(bounded)) + bounded * slope * Sigmoid.Derivative(W(bounded));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => Value(z, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z, out TLanes derivative) where TLanes : struct, ILanes<TLanes>
    {
        TLanes scale = TLanes.Create((float)Scale);
        // Beyond the bounds σ(w) is 0 or 1: they change no finite result and keep ∞ · 0 from being NaN.
        TLanes lowerBounded = TLanes.Max(TLanes.Create(-10.7f), z);
        TLanes bounded = TLanes.Min(TLanes.Create(6f), lowerBounded);
        TLanes square = bounded * bounded;
        TLanes w = bounded * TLanes.MultiplyAdd(square, TLanes.Create((float)(Scale * Cubic)), scale);
        TLanes slope = TLanes.MultiplyAdd(square, TLanes.Create((float)(3 * Scale * Cubic)), scale);
        TLanes sigmoid = VectorMath.SigmoidUpTo25(w, out TLanes complement);
        derivative = sigmoid * TLanes.MultiplyAdd(bounded * slope, complement, TLanes.Create(1f));
        return lowerBounded * sigmoid;
    }

    private static double W(double z) => Scale * (z + Cubic * z * z * z);
}
