using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    /// <summary>eˣ, within 2 ULP; gradually underflows to 0 and overflows to +∞.</summary>
    [MethodImpl(Inline)]
    public static TLanes Exp<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Min(TLanes.Create(89f), TLanes.Max(TLanes.Create(-104f), x));
        var n = TLanes.Round(x * TLanes.Create(1.44269504f));
        var r = TLanes.MultiplyAdd(n, TLanes.Create(-0.693359375f), x);
        r = TLanes.MultiplyAdd(n, TLanes.Create(2.12194440e-4f), r);
        var r2 = r * r;
        var a = Polynomial(r, 5.0000001201E-1f, 1.6666665459E-1f);
        var b = Polynomial(r, 4.1665795894E-2f, 8.3334519073E-3f);
        var c = Polynomial(r, 1.3981999507E-3f, 1.9875691500E-4f);
        b = TLanes.MultiplyAdd(c, r2, b);
        a = TLanes.MultiplyAdd(b, r2, a);
        return TLanes.ScaleByPowerOfTwo(TLanes.MultiplyAdd(a, r2, r) + TLanes.Create(1f), n);
    }
}
