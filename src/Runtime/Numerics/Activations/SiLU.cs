using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = z σ(z), also called swish; φ′ = σ(z) (1 + z (1 − σ(z))) (Elfwing et al. 2018).</summary>
public readonly struct SiLU : IInputActivation
{
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
        TLanes lowerBounded = z, bounded = z;
        // A branch that is guessed right: nothing waits for the bounds. Beyond them σ is 0 or 1: they change no finite result and keep ∞ · 0 from being NaN.
        if (!TLanes.AllWithin(z, 25f))
        {
            lowerBounded = TLanes.Max(TLanes.Create(-104f), z);
            bounded = TLanes.Min(TLanes.Create(25f), lowerBounded);
        }

        TLanes sigmoid = VectorMath.SigmoidUpTo25(bounded, out TLanes complement);
        derivative = sigmoid * TLanes.MultiplyAdd(bounded, complement, TLanes.Create(1f));
        return lowerBounded * sigmoid;
    }
}
