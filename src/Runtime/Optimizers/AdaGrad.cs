using System.Runtime.CompilerServices;
using Backprop.Kernels;
using Backprop.Numerics;
using Backprop.Optimizers;

namespace Backprop;

/// <summary>
/// AdaGrad (Duchi, Hazan and Singer, Adaptive Subgradient Methods, 2011).
/// </summary>
/// <remarks>
/// g ← g + λ w; s ← s + g²; w ← w − η g / (√s + ε) (torch.optim.Adagrad).
/// <c>new AdaGrad()</c> has PyTorch's defaults; <c>default(AdaGrad)</c> has zeros in their place.
/// </remarks>
public struct AdaGrad : IOptimizer, IElementwiseUpdate
{
    private OptimizerState? _state;

    /// <summary>An optimizer with PyTorch's defaults.</summary>
    public AdaGrad()
    {
    }

    /// <summary>The learning rate η; it may be set between steps. 0.01 by default.</summary>
    public float LearningRate { readonly get; set; } = 0.01f;

    /// <summary>The number ε that keeps the division from one by 0; above 0. 1e-10 by default.</summary>
    public float Epsilon { readonly get; set; } = 1e-10f;

    /// <summary>The weight decay λ: λ w is added to the gradient. 0 by default.</summary>
    public float WeightDecay { readonly get; set; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A hyper-parameter is out of its range; nothing was written.</exception>
    public void BeginStep(object network, int length)
    {
        HyperParameter.RequireNonNegative(LearningRate, nameof(LearningRate));
        HyperParameter.RequirePositive(Epsilon, nameof(Epsilon));
        HyperParameter.RequireNonNegative(WeightDecay, nameof(WeightDecay));

        OptimizerState.BeginStep(ref _state, network, length);
        AlignedBuffer sumsOfSquares = _state.First;
        // No sum is ever subnormal, or 0, of which there is no Denominator.
        if (_state.Steps == 1) sumsOfSquares.Span.Fill(Subnormals.SmallestNormal);
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
        ElementwiseUpdate.Apply<Rule<TLanes>, TLanes>(new(this), ref parameters, gradient, ref sumOfSquares, ref Unsafe.NullRef<float>());
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Rule<TLanes>(AdaGrad adaGrad) : IUpdateRule<TLanes> where TLanes : struct, ILanes<TLanes>
    {
        private readonly TLanes _negativeRate = TLanes.Create(-adaGrad.LearningRate);
        private readonly TLanes _decay = TLanes.Create(adaGrad.WeightDecay);
        private readonly Denominator<TLanes> _denominator = new(1f, adaGrad.Epsilon, Denominator<TLanes>.NewtonIsFaster);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Next(TLanes w, TLanes g, ref float sumOfSquares, ref float second, int index)
        {
            g = TLanes.MultiplyAdd(_decay, w, g);
            var s = TLanes.MultiplyAdd(g, g, TLanes.Load(in sumOfSquares, index));
            TLanes.Store(s, ref sumOfSquares, index);
            return TLanes.MultiplyAdd(_negativeRate, g / _denominator.Of(s), w);
        }
    }
}
