using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    /// <summary>ln x; −∞ at 0 and NaN below.</summary>
    [MethodImpl(Inline)]
    public static TLanes Log<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        // Subnormal numbers are lifted into the normal range first.
        var subnormal = TLanes.GreaterThan(TLanes.Create(1.17549435e-38f), x);
        var scaled = TLanes.Select(subnormal, x * TLanes.Create(8388608f), x);
        var m = TLanes.SplitExponent(scaled, out var n);
        n -= subnormal & TLanes.Create(23f);
        var result = LogOfProduct(m - TLanes.Create(1f), n);
        result = TLanes.Select(TLanes.GreaterThan(TLanes.Create(float.PositiveInfinity), x), result, x);
        var belowOrZero = TLanes.Select(TLanes.GreaterThan(TLanes.Create(0f), x), TLanes.Create(float.NaN), TLanes.Create(float.NegativeInfinity));
        return TLanes.Select(TLanes.GreaterThan(x, TLanes.Create(0f)), result, TLanes.Select(TLanes.IsNaN(x), x, belowOrZero));
    }

    /// <summary>ln(1 + x), accurate near 0 too; −∞ at −1 and NaN below.</summary>
    [MethodImpl(Inline)]
    public static TLanes Log1p<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.Create(1f);
        var u = one + x;
        TLanes.SplitExponent(u, out var n);
        var scale = TLanes.ScaleByPowerOfTwo(one, -n);
        var f = TLanes.MultiplyAdd(x, scale, scale - one);
        var result = LogOfProduct(f, n);
        result = TLanes.Select(TLanes.GreaterThan(TLanes.Create(float.PositiveInfinity), x), result, x);
        var belowOrZero = TLanes.Select(TLanes.GreaterThan(TLanes.Create(0f), u), TLanes.Create(float.NaN), TLanes.Create(float.NegativeInfinity));
        return TLanes.Select(TLanes.GreaterThan(u, TLanes.Create(0f)), result, TLanes.Select(TLanes.IsNaN(x), x, belowOrZero));
    }

    /// <summary>ln(1 + e^x), with a small relative error down to the subnormals.</summary>
    [MethodImpl(Inline)]
    public static TLanes Softplus<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Max(TLanes.Create(0f), x) + Log1p(Exp(-TLanes.Abs(x)));

    [MethodImpl(Inline)]
    private static TLanes LogOfProduct<TLanes>(TLanes f, TLanes n) where TLanes : struct, ILanes<TLanes>
    {
        var f2 = f * f;
        var f4 = f2 * f2;
        var a = Polynomial(f, 3.3333331174E-1f, -2.4999993993E-1f);
        var b = Polynomial(f, 2.0000714765E-1f, -1.6668057665E-1f);
        var c = Polynomial(f, 1.4249322787E-1f, -1.2420140846E-1f);
        var d = Polynomial(f, 1.1676998740E-1f, -1.1514610310E-1f);
        d = TLanes.MultiplyAdd(TLanes.Create(7.0376836292E-2f), f2, d);
        a = TLanes.MultiplyAdd(b, f2, a);
        c = TLanes.MultiplyAdd(d, f2, c);
        a = TLanes.MultiplyAdd(c, f4, a);
        var y = TLanes.MultiplyAdd(a * f, f2, n * TLanes.Create(-2.12194440e-4f));
        y = TLanes.MultiplyAdd(f2, TLanes.Create(-0.5f), y) + f;
        return TLanes.MultiplyAdd(n, TLanes.Create(0.693359375f), y);
    }
}
