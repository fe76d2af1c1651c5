using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>Writes the gradient into the buffer.</summary>
internal readonly struct GradientStore : IGradientSink
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accept<TLanes>(ref float block, int index, TLanes gradient) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(gradient, ref block, index);

    /// <inheritdoc/>
    public float Factor => 1f;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptScaled<TLanes>(ref float block, int index, TLanes scaledGradient) where TLanes : struct, ILanes<TLanes> =>
        Accept(ref block, index, scaledGradient);

    /// <inheritdoc/>
    public bool TakesProductVectors => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(a * delta, ref block, index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta, TLanes weights) where TLanes : struct, ILanes<TLanes> =>
        AcceptProduct(ref block, index, a, delta);

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
