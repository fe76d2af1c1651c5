using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = z where z &gt; 0, else 0.01 z; φ′(0) = 0.01.</summary>
public readonly struct LeakyReLU : IOutputActivation
{
    private const double Slope = 0.01;

    /// <inheritdoc/>
    public static double Value(double z) => z > 0 ? z : Slope * z;

    /// <inheritdoc/>
    public static double Derivative(double z) => z > 0 ? 1 : Slope;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Max(TLanes.Create((float)Slope) * z, z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DerivativeFromOutput<TLanes>(TLanes a) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Select(TLanes.GreaterThan(a, TLanes.Create(0f)), TLanes.Create(1f), TLanes.Create((float)Slope));
}
