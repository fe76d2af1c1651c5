using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>d² with d = y − t; derivative 2d.</summary>
public readonly struct MeanSquaredError : ILossFunction
{
    /// <inheritdoc/>
    public static double Value(double y, double t) => (y - t) * (y - t);

    /// <inheritdoc/>
    public static double Derivative(double y, double t) => 2 * (y - t);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes y, TLanes t) where TLanes : struct, ILanes<TLanes>
    {
        TLanes d = y - t;
        return d * d;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Derivative<TLanes>(TLanes y, TLanes t) where TLanes : struct, ILanes<TLanes>
    {
        TLanes d = y - t;
        return d + d;
    }
}
