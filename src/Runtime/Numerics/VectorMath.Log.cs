using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // All reduce to ln((1 + f) 2ⁿ) = ln(1 + f) + n ln 2 with 1 + f from √½ to √2.
    // - ln(1 + f) = f − ½ f² + f³ p(f), where p has degree 7: a minimax fit of the relative error by iteratively reweighted least
    //   squares (Lawson) in double, 5.8e-9, a tenth of an ULP. The sum begins with its smallest terms and ends with n times the
    //   leading bits of ln 2, which is exact.
    // - Log: f = m − 1 is exact (Sterbenz). Subnormal arguments are lifted by 2²³ first.
    // - Log1p: 1 + x itself would lose the low bits of x. Only n is taken from it; then f = x 2⁻ⁿ + (2⁻ⁿ − 1), where both terms
    //   are exact, so that f is rounded once, whatever x is.
    // - Log1pUpTo1: n is 0 or 1, which a comparison tells, and no special value can occur. (x − 1) / 2 as a multiply-add is rounded
    //   once, fused or not, since halving is exact.
    // - Softplus: ln(1 + eˣ) = max(x, 0) + ln(1 + t) with t = e^−|x| from 0 to 1. Far out on the left t itself remains, down to the
    //   subnormals.

    /// <summary>ln x, within 2 ULP. 0 gives −∞, a negative number NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Log<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var leastNormal = TLanes.Create(1.17549435e-38f);
        var normal = TLanes.SelectGreater(leastNormal, x, x * TLanes.Create(8388608f), x);
        var m = TLanes.SplitExponent(normal, out var n);
        n = TLanes.SelectGreater(leastNormal, x, n - TLanes.Create(23f), n);
        return LogOfPositive(LogOfProduct(m - TLanes.Create(1f), n), x);
    }

    /// <summary><see cref="Log"/> for a finite x of at least 1, such as a sum of exponentials of which the largest is e⁰: no special cases.</summary>
    [MethodImpl(Inline)]
    public static TLanes LogFromOne<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var m = TLanes.SplitExponent(x, out var n);
        return LogOfProduct(m - TLanes.Create(1f), n);
    }

    /// <summary>ln(1 + x), within 2 ULP, near 0 too. −1 gives −∞, a smaller number NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Log1p<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.Create(1f);
        var sum = one + x;
        TLanes.SplitExponent(sum, out var n);
        var scale = TLanes.ScaleByPowerOfTwo(one, -n);
        var f = TLanes.MultiplyAdd(x, scale, scale - one);
        return LogOfPositive(TLanes.CopySign(LogOfProduct(f, n), x), sum);
    }

    /// <summary>ln(1 + eˣ), within 3 ULP down to the subnormals.</summary>
    [MethodImpl(Inline)]
    public static TLanes Softplus<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Max(TLanes.Create(0f), x) + Log1pUpTo1(ExpOfNonPositive(TLanes.NegativeAbs(x)));

    /// <summary><see cref="Log1p"/> for an x from 0 to 1, or NaN: e^−|z|, say. No special cases.</summary>
    [MethodImpl(Inline)]
    public static TLanes Log1pUpTo1<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var limit = TLanes.Create(0.41421356f);
        var f = TLanes.SelectGreater(x, limit, TLanes.MultiplyAdd(x, TLanes.Create(0.5f), TLanes.Create(-0.5f)), x);
        var n = TLanes.SelectGreater(x, limit, TLanes.Create(1f), TLanes.Create(0f));
        return LogOfProduct(f, n);
    }

    /// <summary>ln((1 + f) 2ⁿ) for 1 + f from √½ to √2.</summary>
    [MethodImpl(Inline)]
    private static TLanes LogOfProduct<TLanes>(TLanes f, TLanes n) where TLanes : struct, ILanes<TLanes>
    {
        var f2 = f * f;
        var low = Polynomial(f, f2, 0.333333317f, -0.25000821f, 0.200012269f, -0.166233573f);
        var high = Polynomial(f, f2, 0.14201758f, -0.131601824f, 0.12761577f, -0.0763449653f);
        var p = TLanes.MultiplyAdd(high, f2 * f2, low);
        var y = TLanes.MultiplyAdd(p * f, f2, n * TLanes.Create(Ln2Low));
        y = TLanes.MultiplyAdd(f2, TLanes.Create(-0.5f), y) + f;
        return TLanes.MultiplyAdd(n, TLanes.Create(Ln2High), y);
    }

    /// <summary><paramref name="log"/> where x is positive and finite; else what belongs to 0, +∞, NaN or a negative x.</summary>
    [MethodImpl(Inline)]
    private static TLanes LogOfPositive<TLanes>(TLanes log, TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var zero = TLanes.Create(0f);
        var infinity = TLanes.Create(float.PositiveInfinity);
        var nonPositive = TLanes.SelectGreater(zero, x, TLanes.Create(float.NaN), -infinity);
        var finite = TLanes.SelectGreater(x, zero, log, nonPositive);
        // +∞ and NaN are not below +∞, and are their own logarithms.
        return TLanes.SelectGreater(infinity, x, finite, x);
    }
}
