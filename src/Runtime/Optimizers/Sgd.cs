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
    readonly void IElementwiseUpdate.Update<TLanes>(ref float parameters, int offset, OuterProduct gradient)
    {
        if (Momentum == 0f) Descend<TLanes>(ref parameters, gradient);
        else Accelerate<TLanes>(ref parameters, gradient, ref Unsafe.Add(ref _state!.First.Reference, offset));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Descend<TLanes>(ref float parameters, OuterProduct gradient) where TLanes : struct, ILanes<TLanes> =>
        ElementwiseUpdate.Apply<Descent<TLanes>, TLanes>(new(this), ref parameters, gradient, ref Unsafe.NullRef<float>(), ref Unsafe.NullRef<float>());

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Accelerate<TLanes>(ref float parameters, OuterProduct gradient, ref float velocity) where TLanes : struct, ILanes<TLanes> =>
        ElementwiseUpdate.Apply<Acceleration<TLanes>, TLanes>(new(this), ref parameters, gradient, ref velocity, ref Unsafe.NullRef<float>());

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Descent<TLanes>(Sgd sgd) : IUpdateRule<TLanes> where TLanes : struct, ILanes<TLanes>
    {
        private readonly TLanes _negativeRate = TLanes.Create(-sgd.LearningRate);
        private readonly TLanes _decay = TLanes.Create(sgd.WeightDecay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Next(TLanes w, TLanes g, ref float first, ref float second, int index) =>
            _negativeRate * TLanes.MultiplyAdd(_decay, w, g) + w;
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Acceleration<TLanes>(Sgd sgd) : IUpdateRule<TLanes> where TLanes : struct, ILanes<TLanes>
    {
        private readonly TLanes _negativeRate = TLanes.Create(-sgd.LearningRate);
        private readonly TLanes _decay = TLanes.Create(sgd.WeightDecay);
        private readonly TLanes _momentum = TLanes.Create(sgd.Momentum);

        // The direction is v, or for Nesterov's momentum μ v + g.
        private readonly TLanes _ofVelocity = TLanes.Create(sgd.Nesterov ? sgd.Momentum : 1f);
        private readonly TLanes _ofGradient = TLanes.GreaterThan(TLanes.Create(sgd.Nesterov ? 1f : 0f), TLanes.Create(0f));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Next(TLanes w, TLanes g, ref float velocity, ref float second, int index)
        {
            g = TLanes.MultiplyAdd(_decay, w, g);
            var v = _momentum * TLanes.Load(in velocity, index) + g;
            TLanes.Store(v, ref velocity, index);
            return _negativeRate * TLanes.MultiplyAdd(_ofVelocity, v, g & _ofGradient) + w;
        }
    }
}
