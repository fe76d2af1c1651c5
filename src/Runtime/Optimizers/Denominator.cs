using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Backprop.Numerics;

namespace Backprop.Optimizers;

/// <summary>What the adaptive optimizers divide by: c √v + ε, of a mean or a sum v of squares.</summary>
/// <typeparam name="TLanes">The vector.</typeparam>
/// <param name="factor">c.</param>
/// <param name="epsilon">ε.</param>
/// <param name="byNewton">Whether the root comes of an estimate, which is within 2 ULP, or of the processor's instruction; see <see cref="NewtonIsFaster"/>.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Denominator<TLanes>(float factor, float epsilon, bool byNewton) where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes _factor = TLanes.Create(factor);
    private readonly TLanes _halfFactor = TLanes.Create(0.5f * factor);
    private readonly TLanes _epsilon = TLanes.Create(epsilon);
    private readonly bool _byNewton = byNewton;

    /// <summary>
    /// Whether Newton's method is faster. Intel's processors have one unit for roots and quotients, which a vector of 512 bits keeps busy for 12 and 10 cycles, while the
    /// arithmetic of a step of Adam takes 10; AMD's take 7 for both (Zen 5), during which the method's multiplications would have had their place.
    /// </summary>
    public static bool NewtonIsFaster
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.VL.IsSupported && Processor.IsIntel;
    }

    /// <summary>c √v + ε.</summary>
    /// <param name="v">At least <see cref="Subnormals.SmallestNormal"/>, or NaN; infinity may count as the largest finite number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Of(TLanes v)
    {
        if (!_byNewton) return TLanes.MultiplyAdd(TLanes.Sqrt(v), _factor, _epsilon);

        // With y near 1/√v and s = v y, √v is s (3 − s y) / 2 but for the square of y's error.
        v = TLanes.Min(TLanes.Create(float.MaxValue), v);
        var y = TLanes.ReciprocalSqrtEstimate(v);
        var s = v * y;
        return TLanes.MultiplyAdd(s * _halfFactor, TLanes.NegatedMultiplyAdd(s, y, TLanes.Create(3f)), _epsilon);
    }
}
