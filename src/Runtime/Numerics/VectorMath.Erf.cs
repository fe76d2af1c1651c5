using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    /// <summary>The error function erf x = 2/√π ∫₀ˣ e^(−t²) dt; always in [-1, 1].</summary>
    [MethodImpl(Inline)]
    public static TLanes Erf<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Min(TLanes.Create(4f), TLanes.Max(TLanes.Create(-4f), x));
        var t = x * x;
        var p = Polynomial(t, 2.861979592125862836837768554687500e-04f, 2.123732201653183437883853912353515625e-06f);
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(3.658048342913389205932617187500000e-03f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(5.243302136659622192382812500000000e-02f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(1.874160766601562500000000000000000e-01f));
        p = TLanes.MultiplyAdd(p, t, TLanes.Create(1.128379106521606445312500000000000f));
        var q = Polynomial(t, 1.14329601638019084930419921875e-03f, 3.89185734093189239501953125e-05f);
        q = TLanes.MultiplyAdd(q, t, TLanes.Create(1.47520881146192550659179687500e-02f));
        q = TLanes.MultiplyAdd(q, t, TLanes.Create(1.12945675849914550781250000000e-01f));
        q = TLanes.MultiplyAdd(q, t, TLanes.Create(4.99425798654556274414062500000e-01f));
        q = TLanes.MultiplyAdd(q, t, TLanes.Create(1f));
        return TLanes.Min(TLanes.Create(1f), TLanes.Max(TLanes.Create(-1f), x * p / q));
    }
}
