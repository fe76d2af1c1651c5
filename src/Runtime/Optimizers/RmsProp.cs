using System.Runtime.CompilerServices;
using Backprop.Numerics;
using Backprop.Optimizers;

namespace Backprop;

/// <summary>
/// RMSProp (Hinton, Neural Networks for Machine Learning, lecture 6), with momentum where it is asked for.
/// </summary>
/// <remarks>
/// g ← g + λ w; s ← α s + (1 − α) g²; d = g / (√s + ε); without momentum w ← w − η d; with it b ← μ b + d and
/// w ← w − η b (torch.optim.RMSprop).
/// <c>new RmsProp()</c> has PyTorch's defaults; <c>default(RmsProp)</c> has zeros in their place.
/// </remarks>
public struct RmsProp : IOptimizer, IElementwiseUpdate
{
    private OptimizerState? _state;

    /// <summary>An optimizer with PyTorch's defaults.</summary>
    public RmsProp()
    {
    }

    /// <summary>The learning rate η; it may be set between steps. 0.01 by default.</summary>
    public float LearningRate { readonly get; set; } = 0.01f;

    /// <summary>The decay α of the running mean of the squared gradient, in [0, 1). 0.99 by default.</summary>
    public float Alpha { readonly get; set; } = 0.99f;

    /// <summary>The number ε that keeps the division from one by 0; above 0. 1e-8 by default.</summary>
    public float Epsilon { readonly get; set; } = 1e-8f;

    /// <summary>The momentum μ: how much of the previous update carries over. 0 by default.</summary>
    public float Momentum { readonly get; set; }

    /// <summary>The weight decay λ: λ w is added to the gradient. 0 by default.</summary>
    public float WeightDecay { readonly get; set; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A hyper-parameter is out of its range; nothing was written.</exception>
    public void BeginStep(object network, int length)
    {
        HyperParameter.RequireNonNegative(LearningRate, nameof(LearningRate));
        HyperParameter.RequireDecay(Alpha, nameof(Alpha));
        HyperParameter.RequirePositive(Epsilon, nameof(Epsilon));
        HyperParameter.RequireNonNegative(Momentum, nameof(Momentum));
        HyperParameter.RequireNonNegative(WeightDecay, nameof(WeightDecay));

        OptimizerState.BeginStep(ref _state, network, length);
        _ = _state.First;
        if (Momentum != 0f) _ = _state.Second;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Update(ref float parameters, ref float gradient, int offset, int count) =>
        ElementwiseUpdate.Run(in this, ref parameters, ref gradient, offset, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void IElementwiseUpdate.Update<TLanes>(ref float parameters, ref float gradient, int offset, int count)
    {
        var hasMomentum = Momentum != 0f;
        ref var meanSquare = ref Unsafe.Add(ref _state!.First.Reference, offset);
        ref var velocity = ref hasMomentum ? ref Unsafe.Add(ref _state.Second.Reference, offset) : ref Unsafe.NullRef<float>();
        var alpha = TLanes.Create(Alpha);
        var oneMinusAlpha = TLanes.Create((float)(1.0 - Alpha));
        var epsilon = TLanes.Create(Epsilon);
        var decay = TLanes.Create(WeightDecay);
        var momentum = TLanes.Create(Momentum);
        var negativeRate = TLanes.Create(-LearningRate);
        for (var i = 0; i < count; i += TLanes.Count)
        {
            var w = TLanes.Load(in parameters, i);
            var g = TLanes.MultiplyAdd(decay, w, TLanes.Load(in gradient, i));
            var s = TLanes.MultiplyAdd(alpha, TLanes.Load(in meanSquare, i), oneMinusAlpha * g * g);
            TLanes.Store(s, ref meanSquare, i);
            var direction = g / (TLanes.Sqrt(s) + epsilon);
            if (hasMomentum)
            {
                direction = TLanes.MultiplyAdd(momentum, TLanes.Load(in velocity, i), direction);
                TLanes.Store(direction, ref velocity, i);
            }

            TLanes.Store(negativeRate * direction + w, ref parameters, i);
        }
    }
}
