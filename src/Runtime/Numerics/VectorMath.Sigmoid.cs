using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // With e⁻ˣ = 2⁻ⁿ eʳ, σ(x) = 1 / (1 + e⁻ˣ) = 2ⁿ / (2ⁿ + eʳ). 2ⁿ is exact down to the subnormals, so that on the left the
    // result keeps its relative accuracy as far as there are floats, which ½ + ½ tanh(½ x) would not; and it is ready before
    // the polynomial of eʳ is, so that only a sum and the division follow that. The result lies in [0, 1]: the division is correctly
    // rounded, and its numerator is not the larger part. Errors: eʳ within 1 ULP, the sum and the quotient half an ULP each.
    // From 88 up the result is 1, from −104 down 0.

    /// <summary>The logistic sigmoid 1 / (1 + e⁻ˣ), within 4 ULP down to the subnormals; always in [0, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Sigmoid<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Max(TLanes.Create(-104f), TLanes.Min(TLanes.Create(88f), x));
        var power = ReducedExp(-x, out var n);
        var scale = TLanes.ScaleByPowerOfTwo(TLanes.Create(1f), -n);
        return scale / (scale + power);
    }
}
