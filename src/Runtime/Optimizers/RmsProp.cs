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
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    readonly void IElementwiseUpdate.Update<TLanes>(ref float parameters, int offset, OuterProduct gradient)
    {
        ref var sumOfSquares = ref Unsafe.Add(ref _state!.First.Reference, offset);
        if (Momentum == 0f)
            ElementwiseUpdate.Apply<Rule<TLanes>, TLanes>(new(this), ref parameters, gradient, ref sumOfSquares, ref Unsafe.NullRef<float>());
        else
            ElementwiseUpdate.Apply<Acceleration<TLanes>, TLanes>(new(this), ref parameters, gradient, ref sumOfSquares, ref Unsafe.Add(ref _state.Second.Reference, offset));
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Rule<TLanes>(RmsProp rmsProp) : IUpdateRule<TLanes> where TLanes : struct, ILanes<TLanes>
    {
        private readonly Direction<TLanes> _direction = new(rmsProp);
        private readonly TLanes _negativeRate = TLanes.Create(-rmsProp.LearningRate);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Next(TLanes w, TLanes g, ref float sumOfSquares, ref float second, int index) =>
            TLanes.MultiplyAdd(_negativeRate, _direction.Of(w, g, ref sumOfSquares, index), w);
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Acceleration<TLanes>(RmsProp rmsProp) : IUpdateRule<TLanes> where TLanes : struct, ILanes<TLanes>
    {
        private readonly Direction<TLanes> _direction = new(rmsProp);
        private readonly TLanes _momentum = TLanes.Create(rmsProp.Momentum);
        private readonly TLanes _negativeRate = TLanes.Create(-rmsProp.LearningRate);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Next(TLanes w, TLanes g, ref float sumOfSquares, ref float velocity, int index)
        {
            var v = TLanes.MultiplyAdd(_momentum, TLanes.Load(in velocity, index), _direction.Of(w, g, ref sumOfSquares, index));
            TLanes.Store(v, ref velocity, index);
            return TLanes.MultiplyAdd(_negativeRate, v, w);
        }
    }

    // The gradient over the root of the running mean of its square.
    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Direction<TLanes>(RmsProp rmsProp) where TLanes : struct, ILanes<TLanes>
    {
        private readonly SumOfSquares<TLanes> _sumOfSquares = new(rmsProp.Alpha);
        private readonly Denominator<TLanes> _denominator = new((float)Math.Sqrt(1.0 - rmsProp.Alpha), rmsProp.Epsilon, Denominator<TLanes>.NewtonIsFaster);
        private readonly TLanes _decay = TLanes.Create(rmsProp.WeightDecay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Of(TLanes w, TLanes g, ref float sumOfSquares, int index)
        {
            g = TLanes.MultiplyAdd(_decay, w, g);
            return g / _denominator.Of(_sumOfSquares.Add(ref sumOfSquares, index, g));
        }
    }
}
