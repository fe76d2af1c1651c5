using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // With a = |x| and h = tanh(a/2) = N / D, the formula of the double argument gives tanh a = 2 h / (1 + h²) = 2 N D / (D² + N²):
    // still one division, and a rational function of half the degree.
    // - N = a P(a²) and D = Q(a²), degrees 3 and 3: a minimax fit of the relative error of h on (0, 4.505] by iteratively
    //   reweighted least squares (Lawson) in double, 2.3e-8; then a random search in the last bits of the rounded
    //   coefficients. All are positive, as in the continued fraction of tanh, so that nothing cancels.
    // - The derivative of 2 h / (1 + h²) vanishes as h → 1, so that the errors of N and D die out where the result is near 1 and
    //   an ULP is smallest; a direct quotient of degrees 4 and 4 is no faster and errs by more than 5 ULP there.
    // - From 9.01 up the result rounds to 1, and the argument stays there. The bound comes first in Min, so that NaN passes.
    //   Without fused multiply-add rounding can carry the quotient past 1; the last Min does not let it.

    /// <summary>tanh x, within 4 ULP; always in [-1, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Tanh<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var a = TLanes.Min(TLanes.Create(9.01f), TLanes.Abs(x));
        var t = TLanes.Min(TLanes.Create(9.01f * 9.01f), x * x);
        var t2 = t * t;
        var n = TLanes.MultiplyAdd(a * t, Polynomial(t, t2, 0.031489756f, 0.000159833231f, 8.58550635e-08f), a);
        var d = TLanes.MultiplyAdd(t, Polynomial(t, t2, 0.229646221f, 0.00279019959f, 5.46985939e-06f), TLanes.Create(2f));
        var quotient = n * (d + d) / TLanes.MultiplyAdd(d, d, n * n);
        return TLanes.CopySign(TLanes.Min(TLanes.Create(1f), quotient), x);
    }
}
