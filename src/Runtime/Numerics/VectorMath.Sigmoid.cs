using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // With e = e^−|x|, σ(x) = 1 / (1 + e) for x ≥ 0 and e / (1 + e) below. e lies in [0, 1], so nothing overflows, the result
    // lies in [0, 1] (the division is correctly rounded and its numerator is not the larger part), and on the left it keeps
    // its relative accuracy down to the subnormals, which ½ + ½ tanh(½ x) would not. Errors: e within 1 ULP, the sum and the
    // quotient half an ULP each.

    /// <summary>The logistic sigmoid 1 / (1 + e⁻ˣ), within 4 ULP down to the subnormals; always in [0, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Sigmoid<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.Create(1f);
        var e = ExpBelow89(-TLanes.Abs(x));
        return TLanes.SelectGreater(TLanes.Create(0f), x, e, one) / (one + e);
    }
}
