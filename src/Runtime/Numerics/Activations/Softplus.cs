using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = ln(1 + eᶻ) = max(z, 0) + ln(1 + e^−|z|), the form that cannot overflow; φ′ = σ(z).</summary>
public readonly struct Softplus : IInputActivation
{
    /// <inheritdoc/>
    public static double Value(double z) => Math.Max(z, 0) + ScalarMath.LogOnePlus(Math.Exp(-Math.Abs(z)));

    /// <inheritdoc/>
    public static double Derivative(double z) => Sigmoid.Value(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => Value(z, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z, out TLanes derivative) where TLanes : struct, ILanes<TLanes>
    {
        TLanes zero = TLanes.Create(0f), one = TLanes.Create(1f);
        TLanes e = VectorMath.ExpOfNonPositive(TLanes.NegativeAbs(z));
        derivative = TLanes.Select(TLanes.GreaterThan(z, zero), one, e) / (one + e);
        return TLanes.Max(zero, z) + VectorMath.Log1pUpTo1(e);
    }
}
