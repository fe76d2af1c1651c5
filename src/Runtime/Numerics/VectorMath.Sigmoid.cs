using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    /// <summary>The logistic sigmoid 1 / (1 + e⁻ˣ), within 4 ULP down to the subnormals; always in [0, 1].</summary>
    [MethodImpl(Inline)]
    public static TLanes Sigmoid<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var e = Exp(-TLanes.Abs(x));
        var numerator = TLanes.Select(TLanes.GreaterThan(TLanes.Create(0f), x), e, TLanes.Create(1f));
        return numerator / (TLanes.Create(1f) + e);
    }
}
