using System.Runtime.CompilerServices;

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
    // - From 8.2885 up the result is 1, within 2.2 ULP. It comes from the clamp, whose bound was chosen so that its quotient is 1 exactly,
    //   with fused multiply-add and without; no smaller float's quotient passes 1: all were tried. The bound comes first, so that
    //   NaN passes.

    private const float TanhBound = 8.28847027f;

    /// <summary>tanh x, within 4 ULP of the correctly rounded value, 6 without fused multiply-add; always in [-1, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Tanh<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Max(TLanes.Create(-TanhBound), TLanes.Min(TLanes.Create(TanhBound), x));
        var t = x * x;
        var t2 = t * t;
        var p = TLanes.MultiplyAdd(Polynomial(t, 2.15529071e-05f, 1.47044501e-08f), t, TLanes.Create(0.00355203869f));
        var q = TLanes.MultiplyAdd(Polynomial(t, 0.000337852223f, 8.31924922e-07f), t, TLanes.Create(0.0260910466f));
        var numerator = TLanes.MultiplyAdd(p, t2 * x, TLanes.MultiplyAdd(t * x, TLanes.Create(0.134283453f), x));
        return numerator / TLanes.MultiplyAdd(q, t2, Polynomial(t, 1f, 0.467616737f));
    }
}
