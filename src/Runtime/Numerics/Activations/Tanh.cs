using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = tanh z; φ′ = 1 − φ² = 1 / cosh² z.</summary>
public readonly struct Tanh : IOutputActivation
{
    /// <inheritdoc/>
    public static double Value(double z) => Math.Tanh(z);

    /// <inheritdoc/>
    public static double Derivative(double z)
    {
        double cosh = Math.Cosh(z);
        return 1 / (cosh * cosh);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => VectorMath.Tanh(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DerivativeFromOutput<TLanes>(TLanes a) where TLanes : struct, ILanes<TLanes> =>
        TLanes.MultiplyAdd(-a, a, TLanes.Create(1f));
}
