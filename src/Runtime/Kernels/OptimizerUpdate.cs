using System.Runtime.CompilerServices;
using Backprop.Numerics;
using Backprop.Optimizers;

namespace Backprop.Kernels;

/// <summary>
/// Updates the parameters by an optimizer, block by block: the gradient of a block is collected in a small buffer that stays
/// in the first-level cache, and the optimizer is called once when it is complete.
/// </summary>
/// <typeparam name="TOptimizer">The optimizer.</typeparam>
/// <param name="optimizer">The optimizer, after its <see cref="IOptimizer.BeginStep"/>.</param>
/// <param name="gradient">The buffer for one block, at least <see cref="GradientBlock.MaxLength"/> floats.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal struct OptimizerUpdate<TOptimizer>(TOptimizer optimizer, AlignedBuffer gradient) : IGradientSink
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
    public readonly float Factor => 1f;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptScaled<TLanes>(ref float block, int index, TLanes scaledGradient) where TLanes : struct, ILanes<TLanes> =>
        Accept(ref block, index, scaledGradient);

    /// <inheritdoc/>
    public readonly bool TakesProductVectors => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta) where TLanes : struct, ILanes<TLanes>
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta, TLanes weights) where TLanes : struct, ILanes<TLanes> =>
        AcceptProduct(ref block, index, a, delta);

    /// <inheritdoc/>
    /// <remarks>The runtime's own optimizers form a·δᵀ in registers; others are given it in the buffer.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CompleteProduct<TLanes>(ref float block, int offset, ref float a, int rows, ref float delta, int width) where TLanes : struct, ILanes<TLanes>
    {
        var product = new OuterProduct(ref a, rows, ref delta, width);
        if (!ElementwiseUpdate.TryRun<TOptimizer, TLanes>(ref _optimizer, ref block, offset, product))
            UpdateByBlocks<TLanes>(ref block, offset, product);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(ref float block, int offset, int count) =>
        _optimizer.Update(ref block, ref _gradient.Reference, offset, count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void UpdateByBlocks<TLanes>(ref float block, int offset, OuterProduct product) where TLanes : struct, ILanes<TLanes>
    {
        var most = GradientBlock.MaxLength / product.Width;
        for (var row = 0; row < product.Rows; row += most)
        {
            var rows = Math.Min(most, product.Rows - row);
            for (var r = 0; r < rows; r++)
            {
                var a = TLanes.Create(Unsafe.Add(ref product.A, row + r));
                for (var unit = 0; unit < product.Width; unit += TLanes.Count)
                    TLanes.Store(a * TLanes.Load(in product.Delta, unit), ref _gradient.Reference, r * product.Width + unit);
            }

            var first = row * product.Width;
            Complete(ref Unsafe.Add(ref block, first), offset + first, rows * product.Width);
        }
    }
}
