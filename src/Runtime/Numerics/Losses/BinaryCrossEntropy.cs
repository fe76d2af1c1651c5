using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>
/// −t ln y − (1 − t) ln(1 − y) of the probability y = σ(z), from the weighted input z: since −ln y = ln(1 + e⁻ᶻ) and
/// −ln(1 − y) = z + ln(1 + e⁻ᶻ), it is max(z, 0) − t z + ln(1 + e^−|z|), which takes no logarithm of a rounded
/// probability. The derivative by z, not by y, is σ(z) − t: emitted code has y already and writes y − t.
/// </summary>
public readonly struct BinaryCrossEntropy
{
    /// <summary>What one output adds to the loss.</summary>
    /// <param name="z">The weighted input.</param>
    /// <param name="t">The target.</param>
    public static double Value(double z, double t) =>
        Math.Max(z, 0) - t * z + ScalarMath.LogOnePlus(Math.Exp(-Math.Abs(z)));

    /// <summary>The derivative by the weighted input.</summary>
    /// <param name="z">The weighted input.</param>
    /// <param name="t">The target.</param>
    public static double Derivative(double z, double t) => Sigmoid.Value(z) - t;

    /// <summary>What each lane's output adds to the loss.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="z">The weighted inputs.</param>
    /// <param name="t">The targets.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z, TLanes t) where TLanes : struct, ILanes<TLanes>
    {
        // For a target of 0 or 1 the first part is exact, ±z or 0, so that nothing cancels.
        TLanes linear = TLanes.MultiplyAdd(-t, z, TLanes.Max(TLanes.Create(0f), z));
        return linear + VectorMath.Log1pUpTo1(VectorMath.ExpOfNonPositive(TLanes.NegativeAbs(z)));
    }
}
