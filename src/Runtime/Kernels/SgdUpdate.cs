using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>Plain stochastic gradient descent: W ← W − η g, straight in the parameters.</summary>
/// <param name="learningRate">η.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct SgdUpdate(float learningRate) : IGradientSink
{
    /// <summary>Whether an optimizer does nothing else: it is <see cref="Sgd"/> without momentum and weight decay.</summary>
    /// <typeparam name="TOptimizer">The optimizer's type.</typeparam>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="update">The same update as a sink of its own, which needs no buffer for the gradient.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAllOf<TOptimizer>(ref TOptimizer optimizer, out SgdUpdate update) where TOptimizer : struct, IOptimizer
    {
        update = new SgdUpdate(optimizer.LearningRate);
        if (typeof(TOptimizer) != typeof(Sgd)) return false; // decided as it is compiled
        ref Sgd sgd = ref Unsafe.As<TOptimizer, Sgd>(ref optimizer);
        return sgd.Momentum == 0f && sgd.WeightDecay == 0f;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accept<TLanes>(ref float block, int index, TLanes gradient) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(TLanes.MultiplyAdd(TLanes.Create(Factor), gradient, TLanes.Load(in block, index)), ref block, index);

    /// <inheritdoc/>
    public float Factor { get; } = -learningRate;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptScaled<TLanes>(ref float block, int index, TLanes scaledGradient) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(TLanes.Load(in block, index) + scaledGradient, ref block, index);

    /// <inheritdoc/>
    public bool TakesProductVectors => true;

    // Products and sums: a fused multiply-add whose result is stored at once is slower (measured: 64×32 in the L1 cache, Zen 5, 45 ns
    // against 32; a step of 128-128-128-128-128-10, Zen 4, 6.0 µs against 5.5).
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(a * delta + TLanes.Load(in block, index), ref block, index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta, TLanes weights) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(a * delta + weights, ref block, index);

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
