using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // tanh x = x P(x²) / Q(x²), degrees 4 and 4: a minimax fit of the relative error on (0, 8.7] by iteratively reweighted
    // least squares (Lawson) in double; 1.5e-8, a quarter of an ULP. All coefficients are positive, as in the continued
    // fraction of tanh, so that nothing cancels and either polynomial is within an ULP. From 8.7 up tanh x is within an ULP
    // of 1, and the argument stays at 8.7 there. The bound comes first in Min, so that NaN passes. Rounding could carry the
    // quotient past 1 near the clamp; the last Min does not let it.

    /// <summary>tanh x, within 4 ULP; always in [-1, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Tanh<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var a = TLanes.Min(TLanes.Create(8.7f), TLanes.Abs(x));
        var t = TLanes.Min(TLanes.Create(8.7f * 8.7f), x * x);
        var t2 = t * t;
        var p = Polynomial(t, t2, 1f, 0.134004394f, 0.00351871085f, 2.09932619e-05f, 1.3896799e-08f);
        var q = Polynomial(t, t2, 1f, 0.467337597f, 0.0259647696f, 0.00033235926f, 7.99619529e-07f);
        return TLanes.CopySign(TLanes.Min(TLanes.Create(1f), a * p / q), x);
    }
}
