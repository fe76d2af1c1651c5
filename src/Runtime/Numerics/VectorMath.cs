using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>
/// Elementary functions on vectors of floats, each written once for every width: free of branches, and inlined into the
/// caller. Error bounds hold with and without fused multiply-add; docs/numerics.md lists the measured ones.
/// </summary>
public static partial class VectorMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Estrin's scheme: half the depth of Horner's. On one sample, a layer waits for the latency of its activation.

    /// <summary>c0 + c1 x.</summary>
    [MethodImpl(Inline)]
    private static TLanes Polynomial<TLanes>(TLanes x, float c0, float c1) where TLanes : struct, ILanes<TLanes> =>
        TLanes.MultiplyAdd(TLanes.Create(c1), x, TLanes.Create(c0));

    /// <summary>c0 + c1 x + c2 x², given x² too.</summary>
    [MethodImpl(Inline)]
    private static TLanes Polynomial<TLanes>(TLanes x, TLanes x2, float c0, float c1, float c2) where TLanes : struct, ILanes<TLanes> =>
        TLanes.MultiplyAdd(TLanes.Create(c2), x2, Polynomial(x, c0, c1));

    /// <summary>c0 + c1 x + c2 x² + c3 x³, given x² too.</summary>
    [MethodImpl(Inline)]
    private static TLanes Polynomial<TLanes>(TLanes x, TLanes x2, float c0, float c1, float c2, float c3)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.MultiplyAdd(Polynomial(x, c2, c3), x2, Polynomial(x, c0, c1));

    /// <summary>c0 + c1 x + … + c4 x⁴, given x² too.</summary>
    [MethodImpl(Inline)]
    private static TLanes Polynomial<TLanes>(TLanes x, TLanes x2, float c0, float c1, float c2, float c3, float c4)
        where TLanes : struct, ILanes<TLanes>
    {
        var high = TLanes.MultiplyAdd(TLanes.Create(c4), x2, Polynomial(x, c2, c3));
        return TLanes.MultiplyAdd(high, x2, Polynomial(x, c0, c1));
    }

    /// <summary>c0 + c1 x + … + c5 x⁵, given x² too.</summary>
    [MethodImpl(Inline)]
    private static TLanes Polynomial<TLanes>(TLanes x, TLanes x2, float c0, float c1, float c2, float c3, float c4, float c5)
        where TLanes : struct, ILanes<TLanes>
    {
        var high = TLanes.MultiplyAdd(Polynomial(x, c4, c5), x2, Polynomial(x, c2, c3));
        return TLanes.MultiplyAdd(high, x2, Polynomial(x, c0, c1));
    }
}
