using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = z / (1 + |z|); φ′ = 1 / (1 + |z|)².</summary>
public readonly struct Softsign : IInputActivation
{
    /// <inheritdoc/>
    public static double Value(double z) => double.IsInfinity(z) ? Math.Sign(z) : z / (1 + Math.Abs(z));

    /// <inheritdoc/>
    public static double Derivative(double z)
    {
        double sum = 1 + Math.Abs(z);
        return 1 / (sum * sum);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => Value(z, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z, out TLanes derivative) where TLanes : struct, ILanes<TLanes>
    {
        // Beyond 2¹⁰⁰ the value is ±1 and the derivative underflows: the bound changes neither and keeps ∞/∞ from being NaN.
        TLanes magnitude = TLanes.Min(TLanes.Create(1.2676506e30f), TLanes.Abs(z));
        TLanes reciprocal = TLanes.Create(1f) / (TLanes.Create(1f) + magnitude);
        derivative = reciprocal * reciprocal;
        return TLanes.CopySign(magnitude * reciprocal, z);
    }
}
