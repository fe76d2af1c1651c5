using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = z where z &gt; 0, else eᶻ − 1; φ′ = 1 where z &gt; 0, else eᶻ = φ + 1 (Clevert et al. 2016).</summary>
public readonly struct ELU : IOutputActivation
{
    /// <inheritdoc/>
    public static double Value(double z) => z > 0 ? z : ScalarMath.ExpMinusOne(z);

    /// <inheritdoc/>
    public static double Derivative(double z) => z > 0 ? 1 : Math.Exp(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Select(TLanes.GreaterThan(z, TLanes.Create(0f)), z, ExpMinusOne(z));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DerivativeFromOutput<TLanes>(TLanes a) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Create(1f) + TLanes.Min(TLanes.Create(0f), a);

    /// <summary>
    /// e^min(z, 0) − 1 as 2t / (1 − t) with t = tanh(z/2), which follows from tanh(z/2) = (eᶻ − 1) / (eᶻ + 1). For z ≤ 0
    /// nothing cancels, and the error of t is not amplified: the condition number 1 / (1 − t) is at most 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes ExpMinusOne<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes>
    {
        TLanes t = VectorMath.Tanh(TLanes.Create(0.5f) * TLanes.Min(TLanes.Create(0f), z));
        return (t + t) / (TLanes.Create(1f) - t);
    }
}
