using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = z.</summary>
public readonly struct Identity : IOutputActivation
{
    /// <inheritdoc/>
    public static double Value(double z) => z;

    /// <inheritdoc/>
    public static double Derivative(double z) => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => z;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DerivativeFromOutput<TLanes>(TLanes a) where TLanes : struct, ILanes<TLanes> => TLanes.Create(1f);
}
