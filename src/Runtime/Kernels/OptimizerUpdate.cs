using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// Updates the parameters by an optimizer, block by block: the gradient of a block is collected in a small buffer that stays
/// in the first-level cache, and the optimizer is called once when it is complete.
/// </summary>
/// <typeparam name="TOptimizer">The optimizer.</typeparam>
/// <param name="optimizer">The optimizer, after its <see cref="IOptimizer.BeginStep"/>.</param>
/// <param name="gradient">The buffer for one block, at least <see cref="GradientBlock.MaxLength"/> floats.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
public struct OptimizerUpdate<TOptimizer>(TOptimizer optimizer, AlignedBuffer gradient) : IGradientSink
    where TOptimizer : struct, IOptimizer
{
    private readonly AlignedBuffer _gradient = gradient;
#pragma warning disable IDE0044 // Its methods may change it: readonly, they would work on copies.
    private TOptimizer _optimizer = optimizer;
#pragma warning restore IDE0044

    /// <summary>The optimizer.</summary>
    public readonly TOptimizer Optimizer => _optimizer;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Accept<TLanes>(ref float block, int index, TLanes gradient) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(gradient, ref _gradient.Reference, index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TLanes Scale<TLanes>(TLanes delta) where TLanes : struct, ILanes<TLanes> => delta;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes scaledDelta) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(a * scaledDelta, ref _gradient.Reference, index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(ref float block, int offset, int count) =>
        _optimizer.Update(ref block, ref _gradient.Reference, offset, count);
}
