using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // eˣ = 2ⁿ eʳ with n = round(x / ln 2) and r = x − n ln 2, so that |r| ≤ ½ ln 2.
    // - With fused multiply-add x − n ln 2 is first rounded once, for ln 2 rounded to a float, which lies just 1.9e-9 above ln 2.
    //   Only the factor of the first bracket below waits for what that leaves, 1.9e-9 n; in the other terms it is left out, which
    //   costs nothing near 0 and up to 0.7 ULP at the ends of the range, where |n| is 150.
    // - Without, reduction after Cody and Waite, with Cephes' split of ln 2 = 355/512 − 2.12194440e-4: the first part has 9 bits,
    //   so that its product with |n| ≤ 150 is exact; the second leaves an error below 2⁻²⁹ in r.
    // - eʳ = 1 + r q(r), where q has degree 5 and begins with 1: a minimax fit of the relative error on |r| ≤ ½ ln 2 by
    //   iteratively reweighted least squares (Lawson) in double, 3.1e-9, a twentieth of an ULP. It is evaluated as
    //   (1 + r (q₀ + q₁ r)) + r³ (q₂ + … + q₅ r³): three multiply-adds deep. The roundings of the first bracket, and the
    //   last, make up the rest.
    // - From −104 down every result rounds to 0, from 89 up to +∞; a clamp keeps r small there, and its bound comes first, so
    //   that NaN passes. 2ⁿ is multiplied last and in a way that rounds once where the result is subnormal.

    private const float InverseLn2 = 1.44269504f;
    private const float Ln2 = 0.693147182f;
    private const float Ln2Error = 1.90465421e-9f; // Ln2 − ln 2
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>eˣ, within 2 ULP; underflows gradually to 0 and overflows to +∞. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Exp<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> =>
        ExpBelow89(TLanes.Min(TLanes.Create(89f), x));

    /// <summary><see cref="Exp"/> for an x of at most 89, which saves a clamp: what a softmax takes is at most 0.</summary>
    [MethodImpl(Inline)]
    public static TLanes ExpBelow89<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var power = ReducedExp(TLanes.Max(TLanes.Create(-104f), x), out var n);
        return TLanes.ScaleByPowerOfTwo(power, n);
    }

    /// <summary>eˣ without its power of two: eˣ = 2ⁿ eʳ.</summary>
    /// <param name="x">From −104 to 104, or NaN.</param>
    /// <param name="n">The power of two.</param>
    /// <returns>eʳ, from √½ to √2.</returns>
    [MethodImpl(Inline)]
    private static TLanes ReducedExp<TLanes>(TLanes x, out TLanes n) where TLanes : struct, ILanes<TLanes>
    {
        n = TLanes.Round(x * TLanes.Create(InverseLn2));
        TLanes nearR, r;
        if (TLanes.FusesMultiplyAdd)
        {
            nearR = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2), x);
            r = TLanes.MultiplyAdd(n, TLanes.Create(Ln2Error), nearR);
        }
        else
        {
            r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2High), x);
            nearR = r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2Low), r);
        }
        var square = nearR * nearR;
        var low = TLanes.MultiplyAdd(r, Polynomial(nearR, 1f, 0.499999934f), TLanes.Create(1f));
        var high = TLanes.MultiplyAdd(Polynomial(nearR, 0.00836874513f, 0.00138145399f), square, Polynomial(nearR, 0.166665204f, 0.0416683908f));
        return TLanes.MultiplyAdd(square * nearR, high, low);
    }
}
