using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>
/// φ(z) = z T with T = tanh(ln(1 + eᶻ)); φ′ = T + z T′ (Misra 2019).
/// With w = eᶻ, T = (w² + 2w) / (w² + 2w + 2) and T′ = 4w (1 + w) / (w² + 2w + 2)². For z &gt; 0 both are written in
/// n = e⁻ᶻ, by multiplying numerator and denominator by n² and n⁴, so that nothing overflows; nothing cancels either way.
/// </summary>
public readonly struct Mish : IInputActivation
{
    private const float Bound = 104;    // e⁻¹⁰⁴ rounds to 0

    /// <inheritdoc/>
    public static double Value(double z)
    {
        // The bound keeps −∞ · 0 from being NaN; T(−1000) is 0.
        return Math.Max(z, -1000) * Math.Tanh(Softplus.Value(z));
    }

    /// <inheritdoc/>
    public static double Derivative(double z)
    {
        double t = Softplus.Value(z);
        return Math.Tanh(t) + Math.Clamp(z, -1000, 1000) * Tanh.Derivative(t) * Sigmoid.Value(z);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => Value(z, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z, out TLanes derivative) where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Create(1f);
        TLanes n = VectorMath.ExpOfNonPositive(TLanes.NegativeAbs(z));
        TLanes square = n * n;
        TLanes positive = TLanes.GreaterThan(z, TLanes.Create(0f));
        TLanes numerator = n + n + TLanes.Select(positive, one, square);
        TLanes denominator = TLanes.MultiplyAdd(TLanes.Create(2f), TLanes.Select(positive, square, one), numerator);
        TLanes reciprocal = one / denominator;
        TLanes t = numerator * reciprocal;
        TLanes slope = TLanes.Create(4f) * (one + n) * TLanes.Select(positive, square, n) * reciprocal * reciprocal;
        // Beyond the bounds n is 0: they change no finite result and keep ∞ · 0 from being NaN.
        TLanes bounded = TLanes.Max(TLanes.Create(-Bound), z);
        derivative = TLanes.MultiplyAdd(TLanes.Min(TLanes.Create(Bound), bounded), slope, t);
        return bounded * t;
    }
}
