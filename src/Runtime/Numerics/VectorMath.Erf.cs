using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // erf x = x P(x²) / Q(x²), degrees 5 and 5: a minimax fit of the relative error on (0, 3.92] by iteratively reweighted
    // least squares (Lawson) in double; 1.9e-8, a third of an ULP. All coefficients are positive, so that nothing cancels.
    // From 3.92 up erf x is within half an ULP of 1, and the argument stays at 3.92 there. The bound comes first in Min, so
    // that NaN passes. Rounding could carry the quotient past 1 near the clamp; the last Min does not let it.

    /// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt, within 4 ULP; always in [-1, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Erf<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var a = TLanes.Min(TLanes.Create(3.92f), TLanes.Abs(x));
        var t = TLanes.Min(TLanes.Create(3.92f * 3.92f), x * x);
        var t2 = t * t;
        var p = Polynomial(t, t2, 1.12837915f, 0.19039696f, 0.0527472856f, 0.00376516187f, 0.000284864811f, 2.05005969e-06f);
        var q = Polynomial(t, t2, 1f, 0.502067656f, 0.11410502f, 0.0149683083f, 0.00116241096f, 3.80904912e-05f);
        return TLanes.CopySign(TLanes.Min(TLanes.Create(1f), a * p / q), x);
    }
}
