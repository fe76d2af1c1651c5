using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // With a = |x| and tanh(a/2) = ½ N / (1 + z), the formula of the double argument gives
    // tanh a = N (1 + z) / (1 + z (2 + z) + ¼ N²): still one division, and a rational function of half the degree.
    // - N = a + a³ p(a²) and z = a² q(a²), degrees 3 and 3 in all: a minimax fit of the relative error of tanh(a/2) on
    //   (0, 4.505] by iteratively reweighted least squares (Lawson) in double, 2.3e-8; then a random search in the last bits of
    //   the rounded coefficients. All are positive, as in the continued fraction of tanh, so that nothing cancels.
    // - Where the result is near 1 and an ULP is smallest, tanh a hardly depends on tanh(a/2), so that the errors of N and z die
    //   out; a direct quotient of degrees 4 and 4 is no faster and errs by more than 5 ULP there. Near 0, where they do not, the
    //   products with z are small, and added to 1 and to N last.
    // - Above 8.05 the result is 1, within 3.5 ULP; that also covers the overflow of the quotient. Up to there it does not pass 1,
    //   with fused multiply-add nor without: all floats were tried. NaN is not above 8.05, and passes.

    /// <summary>tanh x, within 4 ULP of the correctly rounded value; always in [-1, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Tanh<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.Create(1f);
        var a = TLanes.Abs(x);
        var t = x * x;
        var t2 = t * t;
        var n = TLanes.MultiplyAdd(a * t, Polynomial(t, t2, 0.0314898677f, 0.000159832358f, 8.58524061e-08f), a);
        var q = Polynomial(t, t2, 0.114823125f, 0.00139512494f, 2.73489104e-06f);
        var z = t * q;
        var excess = TLanes.MultiplyAdd(n * n, TLanes.Create(0.25f), z * TLanes.MultiplyAdd(t, q, TLanes.Create(2f)));
        var quotient = TLanes.MultiplyAdd(n, z, n) / (one + excess);
        return TLanes.CopySign(TLanes.SelectGreater(a, TLanes.Create(8.05f), one, quotient), x);
    }
}
