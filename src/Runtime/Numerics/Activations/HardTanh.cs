using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = min(max(z, −1), 1); φ′(±1) = 0.</summary>
public readonly struct HardTanh : IOutputActivation
{
    /// <inheritdoc/>
    public static double Value(double z) => Math.Clamp(z, -1, 1);

    /// <inheritdoc/>
    public static double Derivative(double z) => Math.Abs(z) < 1 ? 1 : 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes>
    {
        // The order of the arguments decides that NaN stays NaN.
        return TLanes.Min(TLanes.Create(1f), TLanes.Max(TLanes.Create(-1f), z));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DerivativeFromOutput<TLanes>(TLanes a) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Create(1f) & TLanes.GreaterThan(TLanes.Create(1f), TLanes.Abs(a));
}
