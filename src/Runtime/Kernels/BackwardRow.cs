using System.ComponentModel;
using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>What the backward pass of a single sample does with a row of weights, a vector at a time.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BackwardRow
{
    /// <summary>One reading of the weights for both products: sum + w ∘ δ, whose lanes add up to an element of Wᵀδ, and a·δ into the sink.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <typeparam name="TSink">The sink.</typeparam>
    /// <param name="sum">The sum so far.</param>
    /// <param name="weights">The first weight of the rows.</param>
    /// <param name="block">The first float of the rows in the buffer that the sink writes.</param>
    /// <param name="index">The vector's place in both, in floats.</param>
    /// <param name="a">The activation of the first row's input; those of the next follow.</param>
    /// <param name="row">The row.</param>
    /// <param name="delta">δ of the vector's units.</param>
    /// <param name="sink">The sink.</param>
    /// <returns>The sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Add<TLanes, TSink>(
        TLanes sum, ref float weights, ref float block, int index, ref float a, int row, TLanes delta, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
        where TSink : struct, IGradientSink
    {
        var w = TLanes.Load(in weights, index);
        sink.AcceptProduct(ref block, index, TLanes.Create(Unsafe.Add(ref a, row)), delta, w);
        return TLanes.MultiplyAdd(w, delta, sum);
    }

    /// <summary>The same for rows that share a vector: w ∘ δ, and a·δ into the sink.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <typeparam name="TSink">The sink.</typeparam>
    /// <param name="weights">The first weight of the rows.</param>
    /// <param name="block">The first float of the rows in the buffer that the sink writes.</param>
    /// <param name="index">The vector's place in both, in floats.</param>
    /// <param name="a">The activations of the rows' inputs, each in the lanes of its row.</param>
    /// <param name="delta">δ of the units, once for each row.</param>
    /// <param name="sink">The sink.</param>
    /// <returns>The products.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Multiply<TLanes, TSink>(ref float weights, ref float block, int index, TLanes a, TLanes delta, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
        where TSink : struct, IGradientSink
    {
        var w = TLanes.Load(in weights, index);
        sink.AcceptProduct(ref block, index, a, delta, w);
        return w * delta;
    }
}
