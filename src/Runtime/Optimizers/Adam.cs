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
    private float _stepSize;
    private float _inverseRootCorrection;

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
        _ = _state.First;
        _ = _state.Second;
        // 1 − βᵗ is close to 0 in the first steps: in double, so that it keeps its digits.
        _stepSize = (float)(LearningRate / (1.0 - Math.Pow(Beta1, _state.Steps)));
        _inverseRootCorrection = (float)(1.0 / Math.Sqrt(1.0 - Math.Pow(Beta2, _state.Steps)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Update(ref float parameters, ref float gradient, int offset, int count) =>
        ElementwiseUpdate.Run(in this, ref parameters, ref gradient, offset, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void IElementwiseUpdate.Update<TLanes>(ref float parameters, ref float gradient, int offset, int count)
    {
        var beta1 = TLanes.Create(Beta1);
        var beta2 = TLanes.Create(Beta2);
        var oneMinusBeta1 = TLanes.Create((float)(1.0 - Beta1));
        var oneMinusBeta2 = TLanes.Create((float)(1.0 - Beta2));
        var inverseRootCorrection = TLanes.Create(_inverseRootCorrection);
        var epsilon = TLanes.Create(Epsilon);
        var negativeStep = TLanes.Create(-_stepSize);
        var decay = TLanes.Create(WeightDecay);
        ref var mean = ref Unsafe.Add(ref _state!.First.Reference, offset);
        ref var meanSquare = ref Unsafe.Add(ref _state.Second.Reference, offset);
        for (var i = 0; i < count; i += TLanes.Count)
        {
            var w = TLanes.Load(in parameters, i);
            var g = TLanes.MultiplyAdd(decay, w, TLanes.Load(in gradient, i));
            var m = TLanes.MultiplyAdd(beta1, TLanes.Load(in mean, i), oneMinusBeta1 * g);
            var v = TLanes.MultiplyAdd(beta2, TLanes.Load(in meanSquare, i), oneMinusBeta2 * g * g);
            TLanes.Store(m, ref mean, i);
            TLanes.Store(v, ref meanSquare, i);
            var root = TLanes.MultiplyAdd(TLanes.Sqrt(v), inverseRootCorrection, epsilon);
            TLanes.Store(TLanes.MultiplyAdd(negativeStep, m / root, w), ref parameters, i);
        }
    }
}
