using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Optimizers;

/// <summary>
/// What <see cref="Adam"/> and <see cref="AdamW"/> have in common: the running means m of the gradient and v of its square, and the
/// step −η m̂ / (√v̂ + ε). They differ in what weight decay does before it.
/// </summary>
internal struct AdamMoments
{
    private DecayPower _beta1Power;
    private DecayPower _beta2Power;
    private float _stepSize;
    private float _rootFactor;

    /// <summary>
    /// Begins a step: m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) become factors of the whole step, and so do 1 − β₁ and 1 − β₂, since what is remembered are sums,
    /// m / (1 − β₁) and v / (1 − β₂).
    /// </summary>
    public void Begin(OptimizerState state, float learningRate, float beta1, float beta2)
    {
        _ = state.First;
        _ = state.Second;
        // 1 − βᵗ is close to 0 in the first steps: in double, so that it keeps its digits.
        _stepSize = (float)(learningRate * (1.0 - beta1) / (1.0 - _beta1Power.Of(beta1, state.Steps)));
        _rootFactor = (float)Math.Sqrt((1.0 - beta2) / (1.0 - _beta2Power.Of(beta2, state.Steps)));
    }

    /// <summary>The step for one vector of parameters, with its constants in lanes.</summary>
    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly struct Step<TLanes>(AdamMoments moments, float beta1, float beta2, float epsilon) where TLanes : struct, ILanes<TLanes>
    {
        private readonly TLanes _beta1 = TLanes.Create(beta1);
        private readonly SumOfSquares<TLanes> _sumOfSquares = new(beta2);
        private readonly Denominator<TLanes> _denominator = new(moments._rootFactor, epsilon, Denominator<TLanes>.NewtonIsFaster);
        private readonly TLanes _negativeStep = TLanes.Create(-moments._stepSize);

        /// <summary>The parameters w after the step by the gradient g.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes From(TLanes w, TLanes g, ref float sum, ref float sumOfSquares, int index)
        {
            var m = TLanes.MultiplyAdd(_beta1, TLanes.Load(in sum, index), g);
            TLanes.Store(m, ref sum, index);
            return TLanes.MultiplyAdd(_negativeStep, m / _denominator.Of(_sumOfSquares.Add(ref sumOfSquares, index, g)), w);
        }
    }
}
