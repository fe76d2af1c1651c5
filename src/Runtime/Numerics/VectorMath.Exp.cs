using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // eˣ = 2ⁿ eʳ with n = round(x / ln 2) and r = x − n ln 2, so that |r| ≤ ½ ln 2.
    // - Reduction after Cody and Waite, with Cephes' split of ln 2 = 355/512 − 2.12194440e-4: the first part has 9 bits, so
    //   that its product with |n| ≤ 150 is exact without fused multiply-add too; the second leaves an error below 2⁻²⁹ in r.
    // - eʳ = 1 + r q(r), where q has degree 5 and begins with 1: a minimax fit of the relative error on |r| ≤ ½ ln 2 by
    //   iteratively reweighted least squares (Lawson) in double, 3.1e-9, a twentieth of an ULP. The rounding of r q(r), which is
    //   at most 0.42 of the result, and the last rounding make up the rest.
    // - From −104 down every result rounds to 0, from 89 up to +∞; a clamp keeps r small there, and its bound comes first, so
    //   that NaN passes. 2ⁿ is multiplied last and in a way that rounds once where the result is subnormal.

    private const float InverseLn2 = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>eˣ, within 2 ULP; underflows gradually to 0 and overflows to +∞. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Exp<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> =>
        ExpBelow89(TLanes.Min(TLanes.Create(89f), x));

    /// <summary><see cref="Exp"/> for an x of at most 89, which saves a clamp.</summary>
    [MethodImpl(Inline)]
    private static TLanes ExpBelow89<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Max(TLanes.Create(-104f), x);
        var n = TLanes.Round(x * TLanes.Create(InverseLn2));
        var r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2High), x);
        r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2Low), r);
        var q = Polynomial(r, r * r, 1f, 0.499999934f, 0.166665204f, 0.0416683908f, 0.00836874513f, 0.00138145399f);
        return TLanes.ScaleByPowerOfTwo(TLanes.MultiplyAdd(q, r, TLanes.Create(1f)), n);
    }
}
