using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    /// <summary>tanh x, within 4 ULP; always in [-1, 1].</summary>
    [MethodImpl(Inline)]
    public static TLanes Tanh<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Min(TLanes.Create(9f), TLanes.Max(TLanes.Create(-9f), x));
        var t = x * x;
        var p = Polynomial(t, 2.00018790482477e-13f, -2.76076847742355e-16f);
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(-8.60467152213735e-11f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(5.12229709037114e-08f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(1.48572235717979e-05f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(6.37261928875436e-04f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(4.89352455891786e-03f));
        var q = Polynomial(t, 1.18534705686654e-04f, 1.19825839466702e-06f);
        q = TLanes.MultiplyAdd(q, t, TLanes.Create(2.26843463243900e-03f));
        q = TLanes.MultiplyAdd(q, t, TLanes.Create(4.89352518554385e-03f));
        return TLanes.Min(TLanes.Create(1f), TLanes.Max(TLanes.Create(-1f), x * p / q));
    }
}
