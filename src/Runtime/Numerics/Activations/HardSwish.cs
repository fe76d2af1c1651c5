using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = z · min(max(z/6 + ½, 0), 1); φ′ = z/3 + ½ between −3 and 3, 0 at −3 and 1 at 3 (Howard et al. 2019).</summary>
public readonly struct HardSwish : IInputActivation
{
    /// <inheritdoc/>
    public static double Value(double z)
    {
        // The bound keeps −∞ · 0 from being NaN.
        return Math.Max(z, -3) * HardSigmoid.Value(z);
    }

    /// <inheritdoc/>
    public static double Derivative(double z) => z <= -3 ? 0 : z < 3 ? z / 3 + 0.5 : 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => Value(z, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z, out TLanes derivative) where TLanes : struct, ILanes<TLanes>
    {
        TLanes lower = TLanes.Create(-3f), upper = TLanes.Create(3f);
        TLanes inner = TLanes.MultiplyAdd(z, TLanes.Create(1f / 3), TLanes.Create(0.5f));
        TLanes belowUpper = TLanes.Select(TLanes.GreaterThan(upper, z), inner, TLanes.Create(1f));
        derivative = TLanes.Select(TLanes.GreaterThan(z, lower), belowUpper, TLanes.Create(0f));
        // The bound keeps −∞ · 0 from being NaN.
        return TLanes.Max(lower, z) * HardSigmoid.Value(z);
    }
}
