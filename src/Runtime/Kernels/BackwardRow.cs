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
    /// <param name="scaledDelta">What the sink's <see cref="IGradientSink.Scale"/> made of it.</param>
    /// <param name="sink">The sink.</param>
    /// <returns>The sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Add<TLanes, TSink>(
        TLanes sum, ref float weights, ref float block, int index, ref float a, int row, TLanes delta, TLanes scaledDelta, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
        where TSink : struct, IGradientSink
    {
        var w = TLanes.Load(in weights, index);
        sink.AcceptProduct(ref block, index, TLanes.Create(Unsafe.Add(ref a, row)), scaledDelta, w);
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
    /// <param name="scaledDelta">What the sink's <see cref="IGradientSink.Scale"/> made of it.</param>
    /// <param name="sink">The sink.</param>
    /// <returns>The products.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Multiply<TLanes, TSink>(
        ref float weights, ref float block, int index, TLanes a, TLanes delta, TLanes scaledDelta, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
        where TSink : struct, IGradientSink
    {
        var w = TLanes.Load(in weights, index);
        sink.AcceptProduct(ref block, index, a, scaledDelta, w);
        return w * delta;
    }

    /// <summary>A vector of a·δ into the sink, where the block ends without <see cref="IGradientSink.CompleteProduct"/>: a sink that takes no such products is given the gradient.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <typeparam name="TSink">The sink.</typeparam>
    /// <param name="block">The first float of the block in the buffer that the sink writes.</param>
    /// <param name="index">The vector's place in it, in floats.</param>
    /// <param name="a">The activations of some inputs.</param>
    /// <param name="delta">δ of their unit, in every lane.</param>
    /// <param name="scaledDelta">What the sink's <see cref="IGradientSink.Scale"/> made of it.</param>
    /// <param name="sink">The sink.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accept<TLanes, TSink>(ref float block, int index, TLanes a, TLanes delta, TLanes scaledDelta, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
        where TSink : struct, IGradientSink
    {
        if (sink.TakesProductVectors)
            sink.AcceptProduct(ref block, index, a, scaledDelta);
        else
            sink.Accept(ref block, index, a * delta);
    }
}
