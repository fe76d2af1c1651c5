using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = z Φ(z), with Φ the normal distribution function; φ′ = Φ(z) + z e^(−z²/2) / √(2π) (Hendrycks and Gimpel 2016).</summary>
/// <remarks>
/// The vector form takes Φ from the tail Q(x) = Φ(−x) at x = |z|, not as ½ (1 + erf), so that no digit cancels for negative
/// z, and it shares the exponential with the derivative: Q(x) = e^(−x²/2) · P(t) / (x + 4) with t = (x − 4) / (x + 4), where
/// P, of degree 9, interpolates (x + 4) e^(x²/2) Q(x) in Chebyshev's nodes over 0 ≤ x ≤ 14.5 with a relative error of
/// 1.3e-8. The transformation of x is that of Shepherd and Laframboise, "Chebyshev approximation of
/// (1 + 2x) exp(x²) erfc x in 0 ≤ x &lt; ∞" (1981). x² in the exponent is exact: x = h + l with h² exact, so that
/// e^(−x²/2) = e^(−h²/2) e^u with u = −l (x + h) / 2 below 0.03, and e^u by its series (as in Moshier's Cephes).
/// </remarks>
public readonly struct GELU : IInputActivation
{
    private const float Bound = 14.5f;    // e^(−14.5²/2) rounds to 0

    /// <inheritdoc/>
    public static double Value(double z)
    {
        // The bound keeps −∞ · 0 from being NaN; Φ(−1000) is 0.
        return Math.Max(z, -1000) * ScalarMath.NormalDistribution(z);
    }

    /// <inheritdoc/>
    public static double Derivative(double z) =>
        ScalarMath.NormalDistribution(z) + Math.Clamp(z, -1000, 1000) * ScalarMath.NormalDensity(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => Value(z, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z, out TLanes derivative) where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Create(1f);
        TLanes x = TLanes.Min(TLanes.Create(Bound), TLanes.Abs(z));
        TLanes exponential = ExpOfHalfSquare(x);
        TLanes reciprocal = one / (x + TLanes.Create(4f));
        TLanes tail = exponential * reciprocal * TailFactor((x - TLanes.Create(4f)) * reciprocal);
        TLanes distribution = TLanes.Select(TLanes.GreaterThan(z, TLanes.Create(0f)), one - tail, tail);

        // Beyond the bounds the exponential is 0: they change no finite result and keep ∞ · 0 from being NaN.
        TLanes bounded = TLanes.Max(TLanes.Create(-Bound), z);
        TLanes density = TLanes.Create(0.39894228f) * exponential;
        derivative = TLanes.MultiplyAdd(TLanes.Min(TLanes.Create(Bound), bounded), density, distribution);
        return bounded * distribution;
    }

    /// <summary>e^(−x²/2) for 0 ≤ x ≤ 14.5. h is x rounded to a multiple of 1/256: at most 12 bits, so that its square is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes ExpOfHalfSquare<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Create(1f), minusHalf = TLanes.Create(-0.5f);
        TLanes h = TLanes.Round(x * TLanes.Create(256f)) * TLanes.Create(1f / 256);
        TLanes u = minusHalf * (x - h) * (x + h);
        TLanes series = TLanes.MultiplyAdd(u, TLanes.Create(1f / 6), TLanes.Create(0.5f));
        series = TLanes.MultiplyAdd(u, series, one);
        series = TLanes.MultiplyAdd(u, series, one);
        return VectorMath.ExpOfNonPositive(minusHalf * h * h) * series;
    }

    /// <summary>P(t) for −1 ≤ t &lt; 0.57.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes TailFactor<TLanes>(TLanes t) where TLanes : struct, ILanes<TLanes>
    {
        TLanes p = TLanes.Create(-0.000122983154f);
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(0.000194801847f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(0.0015693137f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(-0.00352357398f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(-0.00752721308f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(0.0604064688f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(-0.186523005f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(0.387136668f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(-0.607896626f));
        return TLanes.MultiplyAdd(p, t, TLanes.Create(0.755285144f));
    }
}
