using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>What becomes of the first of a <see cref="SamplePair"/>: what comes in vectors is kept for the sum; a·δᵀ is left to the second sample, which forms that of both.</summary>
/// <param name="factor">The <see cref="IGradientSink.Factor"/> of the second one's sink.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct FirstOfPair(float factor) : IGradientSink
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accept<TLanes>(ref float block, int index, TLanes gradient) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(gradient, ref block, index);

    /// <inheritdoc/>
    public float Factor { get; } = factor;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptScaled<TLanes>(ref float block, int index, TLanes scaledGradient) where TLanes : struct, ILanes<TLanes> =>
        Accept(ref block, index, scaledGradient);

    /// <inheritdoc/>
    public bool TakesProductVectors => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta) where TLanes : struct, ILanes<TLanes>
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta, TLanes weights) where TLanes : struct, ILanes<TLanes>
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CompleteProduct<TLanes>(ref float block, int offset, ref float a, int rows, ref float delta, int width) where TLanes : struct, ILanes<TLanes>
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(ref float block, int offset, int count)
    {
    }
}
