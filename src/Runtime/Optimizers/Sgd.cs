using System.Runtime.CompilerServices;
using Backprop.Numerics;
using Backprop.Optimizers;

namespace Backprop;

/// <summary>
/// Stochastic gradient descent, with momentum, Nesterov's momentum and weight decay where they are asked for.
/// </summary>
/// <remarks>
/// g ← g + λ w; without momentum w ← w − η g; with it v ← μ v + g and w ← w − η v, or w ← w − η (g + μ v) for Nesterov's
/// (torch.optim.SGD, whose first step sets v to g: the same, as v is 0 before).
/// <c>new Sgd()</c> has PyTorch's defaults; <c>default(Sgd)</c> has zeros in their place.
/// </remarks>
public struct Sgd : IOptimizer, IElementwiseUpdate
{
    private OptimizerState? _state;

    /// <summary>An optimizer with PyTorch's defaults.</summary>
    public Sgd()
    {
    }

    /// <summary>The learning rate η; it may be set between steps. 0.001 by default.</summary>
    public float LearningRate { readonly get; set; } = 0.001f;

    /// <summary>The momentum μ: how much of the previous update carries over. 0 by default.</summary>
    public float Momentum { readonly get; set; }

    /// <summary>Whether the step looks ahead along the momentum. false by default.</summary>
    public bool Nesterov { readonly get; set; }

    /// <summary>The weight decay λ: λ w is added to the gradient. 0 by default.</summary>
    public float WeightDecay { readonly get; set; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A hyper-parameter is negative, infinite or NaN, or <see cref="Nesterov"/> is set without <see cref="Momentum"/>; nothing was written.</exception>
    public void BeginStep(object network, int length)
    {
        HyperParameter.RequireNonNegative(LearningRate, nameof(LearningRate));
        HyperParameter.RequireNonNegative(Momentum, nameof(Momentum));
        HyperParameter.RequireNonNegative(WeightDecay, nameof(WeightDecay));
        if (Nesterov && Momentum == 0f)
            throw new ArgumentException("Nesterov's momentum needs a Momentum above 0, but it is 0.", nameof(Momentum));

        OptimizerState.BeginStep(ref _state, network, length);
        if (Momentum != 0f) _ = _state.First;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Update(ref float parameters, ref float gradient, int offset, int count) =>
        ElementwiseUpdate.Run(in this, ref parameters, ref gradient, offset, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void IElementwiseUpdate.Update<TLanes>(ref float parameters, ref float gradient, int offset, int count)
    {
        if (Momentum == 0f) Descend<TLanes>(ref parameters, ref gradient, count);
        else Accelerate<TLanes>(ref parameters, ref gradient, ref Unsafe.Add(ref _state!.First.Reference, offset), count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Descend<TLanes>(ref float parameters, ref float gradient, int count) where TLanes : struct, ILanes<TLanes>
    {
        var negativeRate = TLanes.Create(-LearningRate);
        var decay = TLanes.Create(WeightDecay);
        for (var i = 0; i < count; i += TLanes.Count)
        {
            var w = TLanes.Load(in parameters, i);
            var g = TLanes.MultiplyAdd(decay, w, TLanes.Load(in gradient, i));
            TLanes.Store(negativeRate * g + w, ref parameters, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Accelerate<TLanes>(ref float parameters, ref float gradient, ref float velocity, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        var negativeRate = TLanes.Create(-LearningRate);
        var decay = TLanes.Create(WeightDecay);
        var momentum = TLanes.Create(Momentum);
        // The direction is v, or for Nesterov's momentum μ v + g.
        var ofVelocity = TLanes.Create(Nesterov ? Momentum : 1f);
        var ofGradient = TLanes.GreaterThan(TLanes.Create(Nesterov ? 1f : 0f), TLanes.Create(0f));
        for (var i = 0; i < count; i += TLanes.Count)
        {
            var w = TLanes.Load(in parameters, i);
            var g = TLanes.MultiplyAdd(decay, w, TLanes.Load(in gradient, i));
            var v = momentum * TLanes.Load(in velocity, i) + g;
            TLanes.Store(v, ref velocity, i);
            var direction = TLanes.MultiplyAdd(ofVelocity, v, g & ofGradient);
            TLanes.Store(negativeRate * direction + w, ref parameters, i);
        }
    }
}
