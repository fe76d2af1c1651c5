using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>
/// Elementary functions on vectors of floats, each written once for every width: branch-free, and inlined into the caller.
/// </summary>
public static partial class VectorMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>c₀ + c₁ x.</summary>
    [MethodImpl(Inline)]
    private static TLanes Polynomial<TLanes>(TLanes x, float c0, float c1) where TLanes : struct, ILanes<TLanes> =>
        TLanes.MultiplyAdd(TLanes.Create(c1), x, TLanes.Create(c0));
}
