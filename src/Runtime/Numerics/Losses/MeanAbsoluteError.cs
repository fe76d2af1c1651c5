using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>|d| with d = y − t; derivative the sign of d, 0 where d is 0.</summary>
public readonly struct MeanAbsoluteError : ILossFunction
{
    /// <inheritdoc/>
    public static double Value(double y, double t) => Math.Abs(y - t);

    /// <inheritdoc/>
    public static double Derivative(double y, double t) => y > t ? 1 : y < t ? -1 : y - t;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes y, TLanes t) where TLanes : struct, ILanes<TLanes> => TLanes.Abs(y - t);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Derivative<TLanes>(TLanes y, TLanes t) where TLanes : struct, ILanes<TLanes>
    {
        TLanes d = y - t;
        return TLanes.Select(TLanes.GreaterThan(TLanes.Abs(d), TLanes.Create(0f)), TLanes.CopySign(TLanes.Create(1f), d), d);
    }
}
