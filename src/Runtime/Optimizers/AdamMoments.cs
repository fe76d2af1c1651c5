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
    private float _inverseRootCorrection;

    /// <summary>Begins a step: m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) become factors of the whole step.</summary>
    public void Begin(OptimizerState state, float learningRate, float beta1, float beta2)
    {
        _ = state.First;
        _ = state.Second;
        // 1 − βᵗ is close to 0 in the first steps: in double, so that it keeps its digits.
        _stepSize = (float)(learningRate / (1.0 - _beta1Power.Of(beta1, state.Steps)));
        _inverseRootCorrection = (float)(1.0 / Math.Sqrt(1.0 - _beta2Power.Of(beta2, state.Steps)));
    }

    /// <summary>g ← g + decay w, w ← shrink w, then the step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Update<TLanes>(
        OptimizerState state, float beta1, float beta2, float epsilon, float decay, float shrink,
        ref float parameters, int offset, OuterProduct gradient) where TLanes : struct, ILanes<TLanes>
    {
        // The state comes first: what is in vector registers before a call would be spilled.
        ref var mean = ref Unsafe.Add(ref state.First.Reference, offset);
        ref var meanSquare = ref Unsafe.Add(ref state.Second.Reference, offset);
        var rule = new Rule<TLanes>(this, beta1, beta2, epsilon, decay, shrink);
        ElementwiseUpdate.Apply<Rule<TLanes>, TLanes>(rule, ref parameters, gradient, ref mean, ref meanSquare);
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Rule<TLanes>(AdamMoments moments, float beta1, float beta2, float epsilon, float decay, float shrink)
        : IUpdateRule<TLanes> where TLanes : struct, ILanes<TLanes>
    {
        private readonly TLanes _beta1 = TLanes.Create(beta1);
        private readonly TLanes _beta2 = TLanes.Create(beta2);
        private readonly TLanes _oneMinusBeta1 = TLanes.Create((float)(1.0 - beta1));
        private readonly TLanes _oneMinusBeta2 = TLanes.Create((float)(1.0 - beta2));
        private readonly TLanes _inverseRootCorrection = TLanes.Create(moments._inverseRootCorrection);
        private readonly TLanes _epsilon = TLanes.Create(epsilon);
        private readonly TLanes _negativeStep = TLanes.Create(-moments._stepSize);
        private readonly TLanes _decay = TLanes.Create(decay);
        private readonly TLanes _shrink = TLanes.Create(shrink);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Next(TLanes w, TLanes g, ref float mean, ref float meanSquare, int index)
        {
            g = TLanes.MultiplyAdd(_decay, w, g);
            var m = TLanes.MultiplyAdd(_beta1, TLanes.Load(in mean, index), _oneMinusBeta1 * g);
            var v = TLanes.MultiplyAdd(_beta2, TLanes.Load(in meanSquare, index), _oneMinusBeta2 * g * g);
            TLanes.Store(m, ref mean, index);
            TLanes.Store(v, ref meanSquare, index);
            var root = TLanes.MultiplyAdd(TLanes.Sqrt(v), _inverseRootCorrection, _epsilon);
            return TLanes.MultiplyAdd(_negativeStep, m / root, _shrink * w);
        }
    }
}
