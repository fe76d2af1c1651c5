using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // tanh x = x P(x²) / Q(x²), degrees 4 and 4, both beginning with 1: one division.
    // - A minimax fit of the relative error on (0, 8.3] by iteratively reweighted least squares (Lawson) in double, 1.1e-8, a tenth of an
    //   ULP; then a random search in the last bits of the rounded coefficients. All are positive, as in the continued fraction of
    //   tanh, so that nothing cancels, and the numerator takes the sign of x, that of 0 too.
    // - What is left are roundings. Each polynomial is 1 + c₁t + t²(c₂ + …): its largest terms are rounded once before the last sum, and the
    //   order of x² · x² · x matters: as (x² · x) · x² it errs by 4.7 ULP. Estrin's scheme, a multiplication less, errs by more than 5.
    // - From 8.2885 up the result is 1, within 2.2 ULP. It comes from the clamp, whose bound was chosen so that its quotient is 1 exactly;
    //   no smaller float's quotient passes 1: all were tried. The bound comes first, so that NaN passes. x² has a bound
    //   of its own, whose square root it is: all but the numerator's last factor then waits for one comparison, not two.
    //
    // Without fused multiply-add that would err by up to 5.6 ULP. With tanh(x/2) = ½ N / (1 + z), the formula of the double argument gives
    // tanh x = N (1 + z) / ((1 + z)² + ¼ N²): two multiplications more, and a rational function of half the degree.
    // - N = x + x³ p(x²) and z = x² q(x²), degrees 3 and 3 in all: fitted likewise on (0, 4.505], 2.3e-8. N is odd.
    // - Where the result is near 1 and an ULP is smallest, tanh x hardly depends on tanh(x/2), so that the errors of N and z die out. Near 0,
    //   where they do not, the products with z are small, and added to 1 and to N last: (1 + z)² as 1 + z (2 + z). As the square of a
    //   rounded 1 + z, an instruction less, it errs by 4.8 ULP.
    // - The bound, 8.23, was chosen in the same way.

    private const float TanhBound = 8.28847027f;

    private const float UnfusedTanhBound = 8.2301445f;

    /// <summary>tanh x, within 4 ULP of the correctly rounded value; always in [-1, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Tanh<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        if (!Fma.IsSupported && !AdvSimd.IsSupported) return UnfusedTanh(x);
        var t = TLanes.Min(TLanes.Create(TanhBound * TanhBound), x * x);
        x = TLanes.Max(TLanes.Create(-TanhBound), TLanes.Min(TLanes.Create(TanhBound), x));
        var t2 = t * t;
        var p = TLanes.MultiplyAdd(Polynomial(t, 2.15529071e-05f, 1.47044501e-08f), t, TLanes.Create(0.00355203869f));
        var q = TLanes.MultiplyAdd(Polynomial(t, 0.000337852223f, 8.31924922e-07f), t, TLanes.Create(0.0260910466f));
        var numerator = TLanes.MultiplyAdd(p, t2 * x, TLanes.MultiplyAdd(t * x, TLanes.Create(0.134283453f), x));
        return numerator / TLanes.MultiplyAdd(q, t2, Polynomial(t, 1f, 0.467616737f));
    }

    [MethodImpl(Inline)]
    private static TLanes UnfusedTanh<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Max(TLanes.Create(-UnfusedTanhBound), TLanes.Min(TLanes.Create(UnfusedTanhBound), x));
        var t = x * x;
        var t2 = t * t;
        var n = TLanes.MultiplyAdd(x * t, Polynomial(t, t2, 0.0314898677f, 0.000159832358f, 8.58524061e-08f), x);
        var q = Polynomial(t, t2, 0.114823125f, 0.00139512494f, 2.73489104e-06f);
        var z = t * q;
        var square = TLanes.MultiplyAdd(z, TLanes.MultiplyAdd(t, q, TLanes.Create(2f)), TLanes.Create(1f));
        var half = n * TLanes.Create(0.5f);
        return TLanes.MultiplyAdd(n, z, n) / TLanes.MultiplyAdd(half, half, square);
    }
}
