using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = max(0, z); φ′(0) = 0.</summary>
public readonly struct ReLU : IOutputActivation
{
    /// <inheritdoc/>
    public static double Value(double z) => Math.Max(0, z);

    /// <inheritdoc/>
    public static double Derivative(double z) => z > 0 ? 1 : 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes>
    {
        // The order of the arguments decides that NaN stays NaN.
        return TLanes.Max(TLanes.Create(0f), z);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DerivativeFromOutput<TLanes>(TLanes a) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Create(1f) & TLanes.GreaterThan(a, TLanes.Create(0f));
}
