using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Optimizers;

/// <summary>
/// The sum u of squares that fade, u ← β u + g². The running mean v ← β v + (1 − β) g² is (1 − β) u at every step; of its root the factor √(1 − β) is the same for all
/// parameters.
/// </summary>
/// <remarks>
/// Each step adds 2⁻¹²⁶ as well, so that no sum is subnormal: dead units and samples that have been learned give gradients of 1e-20 and less for ever, whose squares
/// would take an Intel processor a hundred times as long as others. Of v that is 2⁻¹²⁶ too, and of its root 1e-19, beside an ε of 1e-8.
/// </remarks>
/// <typeparam name="TLanes">The vector.</typeparam>
/// <param name="decay">β.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct SumOfSquares<TLanes>(float decay) where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes _decay = TLanes.Create(decay);
    private readonly TLanes _least = TLanes.Create(Subnormals.SmallestNormal);

    /// <summary>The sums after the step, which are stored.</summary>
    /// <param name="sums">The first parameter's sum.</param>
    /// <param name="index">The vector's place behind it.</param>
    /// <param name="g">The gradient.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Add(ref float sums, int index, TLanes g)
    {
        var u = TLanes.MultiplyAdd(g, g, TLanes.MultiplyAdd(_decay, TLanes.Load(in sums, index), _least));
        TLanes.Store(u, ref sums, index);
        return u;
    }
}
