using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = 1 / (1 + e⁻ᶻ); φ′ = φ (1 − φ) = ½ / (1 + cosh z), the form in which nothing cancels.</summary>
public readonly struct Sigmoid : IOutputActivation
{
    /// <inheritdoc/>
    public static double Value(double z) => 1 / (1 + Math.Exp(-z));

    /// <inheritdoc/>
    public static double Derivative(double z) => 0.5 / (1 + Math.Cosh(z));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => VectorMath.Sigmoid(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DerivativeFromOutput<TLanes>(TLanes a) where TLanes : struct, ILanes<TLanes> =>
        a * (TLanes.Create(1f) - a);
}
