using System.Runtime.CompilerServices;
using Backprop.Numerics;
using Backprop.Optimizers;

namespace Backprop;

/// <summary>
/// Adam (Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015).
/// </summary>
/// <remarks>
/// g ← g + λ w; m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²;
/// w ← w − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ) at step t (torch.optim.Adam).
/// <c>new Adam()</c> has PyTorch's defaults; <c>default(Adam)</c> has zeros in their place.
/// </remarks>
public struct Adam : IOptimizer, IElementwiseUpdate
{
    private OptimizerState? _state;
    private AdamMoments _moments;

    /// <summary>An optimizer with PyTorch's defaults.</summary>
    public Adam()
    {
    }

    /// <summary>The learning rate η; it may be set between steps. 0.001 by default.</summary>
    public float LearningRate { readonly get; set; } = 0.001f;

    /// <summary>The decay β₁ of the running mean of the gradient, in [0, 1). 0.9 by default.</summary>
    public float Beta1 { readonly get; set; } = 0.9f;

    /// <summary>The decay β₂ of the running mean of the squared gradient, in [0, 1). 0.999 by default.</summary>
    public float Beta2 { readonly get; set; } = 0.999f;

    /// <summary>The number ε that keeps the division from one by 0; above 0. 1e-8 by default.</summary>
    public float Epsilon { readonly get; set; } = 1e-8f;

    /// <summary>The weight decay λ: λ w is added to the gradient. 0 by default.</summary>
    public float WeightDecay { readonly get; set; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A hyper-parameter is out of its range; nothing was written.</exception>
    public void BeginStep(object network, int length)
    {
        HyperParameter.RequireNonNegative(LearningRate, nameof(LearningRate));
        HyperParameter.RequireDecay(Beta1, nameof(Beta1));
        HyperParameter.RequireDecay(Beta2, nameof(Beta2));
        HyperParameter.RequirePositive(Epsilon, nameof(Epsilon));
        HyperParameter.RequireNonNegative(WeightDecay, nameof(WeightDecay));

        OptimizerState.BeginStep(ref _state, network, length);
        _moments.Begin(_state, LearningRate, Beta1, Beta2);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Update(ref float parameters, ref float gradient, int offset, int count) =>
        ElementwiseUpdate.Run(in this, ref parameters, ref gradient, offset, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    readonly void IElementwiseUpdate.Update<TLanes>(ref float parameters, int offset, OuterProduct gradient)
    {
        // The state comes first: what is in vector registers before a call would be spilled.
        ref var sum = ref Unsafe.Add(ref _state!.First.Reference, offset);
        ref var sumOfSquares = ref Unsafe.Add(ref _state.Second.Reference, offset);
        ElementwiseUpdate.Apply<Rule<TLanes>, TLanes>(new(this), ref parameters, gradient, ref sum, ref sumOfSquares);
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Rule<TLanes>(Adam adam) : IUpdateRule<TLanes> where TLanes : struct, ILanes<TLanes>
    {
        private readonly AdamMoments.Step<TLanes> _step = new(adam._moments, adam.Beta1, adam.Beta2, adam.Epsilon);
        private readonly TLanes _decay = TLanes.Create(adam.WeightDecay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Next(TLanes w, TLanes g, ref float sum, ref float sumOfSquares, int index) =>
            _step.From(w, TLanes.MultiplyAdd(_decay, w, g), ref sum, ref sumOfSquares, index);
    }
}
