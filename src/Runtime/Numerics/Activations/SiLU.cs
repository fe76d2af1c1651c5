using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = z σ(z), also called swish; φ′ = σ(z) (1 + z (1 − σ(z))) (Elfwing et al. 2018).</summary>
public readonly struct SiLU : IInputActivation
{
    private const float Bound = 104;    // e⁻¹⁰⁴ rounds to 0

    /// <inheritdoc/>
    public static double Value(double z)
    {
        // The bound keeps −∞ · 0 from being NaN; σ(−1000) is 0.
        return Math.Max(z, -1000) * Sigmoid.Value(z);
    }

    /// <inheritdoc/>
    public static double Derivative(double z) => Sigmoid.Value(z) + Math.Clamp(z, -1000, 1000) * Sigmoid.Derivative(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => Value(z, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z, out TLanes derivative) where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Create(1f);
        TLanes e = VectorMath.ExpBelow89(-TLanes.Abs(z));
        TLanes larger = one / (one + e);    // σ(|z|)
        TLanes smaller = e * larger;        // σ(−|z|) = 1 − σ(|z|), with nothing cancelled
        TLanes positive = TLanes.GreaterThan(z, TLanes.Create(0f));
        TLanes sigmoid = TLanes.Select(positive, larger, smaller);
        TLanes complement = TLanes.Select(positive, smaller, larger);
        // Beyond the bounds e is 0: they change no finite result and keep ∞ · 0 from being NaN.
        TLanes bounded = TLanes.Max(TLanes.Create(-Bound), z);
        derivative = sigmoid * TLanes.MultiplyAdd(TLanes.Min(TLanes.Create(Bound), bounded), complement, one);
        return bounded * sigmoid;
    }
}
