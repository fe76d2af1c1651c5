using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>½ d² with d = y − t; derivative d.</summary>
public readonly struct HalfSquaredError : ILossFunction
{
    /// <inheritdoc/>
    public static double Value(double y, double t) => 0.5 * (y - t) * (y - t);

    /// <inheritdoc/>
    public static double Derivative(double y, double t) => y - t;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes y, TLanes t) where TLanes : struct, ILanes<TLanes>
    {
        TLanes d = y - t;
        return TLanes.Create(0.5f) * d * d;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Derivative<TLanes>(TLanes y, TLanes t) where TLanes : struct, ILanes<TLanes> => y - t;
}
