using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = min(max(z/6 + ½, 0), 1); φ′(±3) = 0.</summary>
public readonly struct HardSigmoid : IInputActivation
{
    /// <inheritdoc/>
    public static double Value(double z) => Math.Clamp((z + 3) / 6, 0, 1);

    /// <inheritdoc/>
    public static double Derivative(double z) => Math.Abs(z) < 3 ? 1.0 / 6 : 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => Value(z, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z, out TLanes derivative) where TLanes : struct, ILanes<TLanes>
    {
        derivative = TLanes.Create(1f / 6) & TLanes.GreaterThan(TLanes.Create(3f), TLanes.Abs(z));
        // The order of the arguments decides that NaN stays NaN.
        TLanes sum = TLanes.Max(TLanes.Create(0f), z + TLanes.Create(3f));
        return TLanes.Min(TLanes.Create(6f), sum) * TLanes.Create(1f / 6);
    }
}
