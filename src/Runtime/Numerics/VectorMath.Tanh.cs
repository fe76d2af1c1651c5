using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // With tanh(x/2) = ½ N / (1 + z), the formula of the double argument gives
    // tanh x = N (1 + z) / ((1 + z)² + ¼ N²): still one division, and a rational function of half the degree.
    // - N = x + x³ p(x²) and z = x² q(x²), degrees 3 and 3 in all: a minimax fit of the relative error of tanh(x/2) on
    //   (0, 4.505] by iteratively reweighted least squares (Lawson) in double, 2.3e-8; then a random search in the last bits of
    //   the rounded coefficients. All are positive, as in the continued fraction of tanh, so that nothing cancels. N is odd,
    //   and takes the sign of x, that of 0 too, to the result.
    // - Where the result is near 1 and an ULP is smallest, tanh x hardly depends on tanh(x/2), so that the errors of N and z die
    //   out; a direct quotient of degrees 4 and 4 is no faster and errs by more than 5 ULP there. Near 0, where they do not, the
    //   products with z are small, and added to 1 and to N last: (1 + z)² as 1 + z (2 + z). As the square of a rounded 1 + z, an
    //   instruction less, it errs by 4.8 ULP without fused multiply-add.
    // - From 8.23 up the result is 1, within 2.5 ULP. It comes from the clamp, whose bound was chosen so that its quotient is 1 exactly,
    //   with fused multiply-add and without; no smaller float's quotient passes 1: all were tried. The bound comes first, so that
    //   NaN passes.

    private const float TanhBound = 8.2301445f;

    /// <summary>tanh x, within 4 ULP of the correctly rounded value; always in [-1, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Tanh<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Max(TLanes.Create(-TanhBound), TLanes.Min(TLanes.Create(TanhBound), x));
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
