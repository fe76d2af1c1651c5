using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>½ d² where |d| ≤ 1, else |d| − ½, with d = y − t; derivative d, bounded by ±1 (Huber 1964, with δ = 1).</summary>
public readonly struct Huber : ILossFunction
{
    /// <inheritdoc/>
    public static double Value(double y, double t)
    {
        double d = Math.Abs(y - t);
        return d <= 1 ? 0.5 * d * d : d - 0.5;
    }

    /// <inheritdoc/>
    public static double Derivative(double y, double t) => Math.Clamp(y - t, -1, 1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes y, TLanes t) where TLanes : struct, ILanes<TLanes>
    {
        // With m = min(|d|, 1) both branches are m (|d| − ½ m).
        TLanes d = TLanes.Abs(y - t);
        TLanes m = TLanes.Min(TLanes.Create(1f), d);
        return m * TLanes.MultiplyAdd(TLanes.Create(-0.5f), m, d);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Derivative<TLanes>(TLanes y, TLanes t) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Min(TLanes.Create(1f), TLanes.Max(TLanes.Create(-1f), y - t));
}
