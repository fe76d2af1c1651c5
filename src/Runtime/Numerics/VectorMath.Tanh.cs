using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // With a = |x| and tanh(a/2) = ½ N / (1 + z), the formula of the double argument gives
    // tanh a = N (1 + z) / ((1 + z)² + ¼ N²): still one division, and a rational function of half the degree.
    // - N = a + a³ p(a²) and z = a² q(a²), degrees 3 and 3 in all: a minimax fit of the relative error of tanh(a/2) on
    //   (0, 4.505] by iteratively reweighted least squares (Lawson) in double, 2.3e-8; then a random search in the last bits of
    //   the rounded coefficients. All are positive, as in the continued fraction of tanh, so that nothing cancels.
    // - Where the result is near 1 and an ULP is smallest, tanh a hardly depends on tanh(a/2), so that the errors of N and z die
    //   out; a direct quotient of degrees 4 and 4 is no faster and errs by more than 5 ULP there. Near 0, where they do not, z
    //   is small: the products with it are added to 1 and to N last.
    // - From 9.01 up the result rounds to 1, and the argument stays there. The bound comes first in Min, so that NaN passes.
    //   Without fused multiply-add rounding can carry the quotient past 1; the last Min does not let it.

    /// <summary>tanh x, within 4 ULP; always in [-1, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Tanh<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.Create(1f);
        var a = TLanes.Min(TLanes.Create(9.01f), TLanes.Abs(x));
        var t = TLanes.Min(TLanes.Create(9.01f * 9.01f), x * x);
        var t2 = t * t;
        var n = TLanes.MultiplyAdd(a * t, Polynomial(t, t2, 0.031489756f, 0.000159833231f, 8.58550635e-08f), a);
        var q = Polynomial(t, t2, 0.1148231105f, 0.001395099795f, 2.734929695e-06f);
        var z = t * q;
        var square = TLanes.MultiplyAdd(z, TLanes.MultiplyAdd(t, q, TLanes.Create(2f)), one);
        var quotient = TLanes.MultiplyAdd(n, z, n) / TLanes.MultiplyAdd(n * n, TLanes.Create(0.25f), square);
        return TLanes.CopySign(TLanes.Min(one, quotient), x);
    }
}
