using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Optimizers;

/// <summary>
/// What <see cref="Adam"/> and <see cref="AdamW"/> have in common: the running means m of the gradient and v of its square, and the
/// step −η m̂ / (√v̂ + ε). They differ in what weight decay does before it.
/// </summary>
internal struct AdamMoments
{
    private float _stepSize;
    private float _inverseRootCorrection;

    /// <summary>Begins a step: m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) become factors of the whole step.</summary>
    public void Begin(OptimizerState state, float learningRate, float beta1, float beta2)
    {
        _ = state.First;
        _ = state.Second;
        // 1 − βᵗ is close to 0 in the first steps: in double, so that it keeps its digits.
        _stepSize = (float)(learningRate / (1.0 - Math.Pow(beta1, state.Steps)));
        _inverseRootCorrection = (float)(1.0 / Math.Sqrt(1.0 - Math.Pow(beta2, state.Steps)));
    }

    /// <summary>g ← g + decay w, w ← shrink w, then the step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Update<TLanes>(
        OptimizerState state, float betaOne, float betaTwo, float smallest, float gradientDecay, float weightShrink,
        ref float parameters, ref float gradient, int offset, int count) where TLanes : struct, ILanes<TLanes>
    {
        // The state comes first: what is in vector registers before a call would be spilled, and read back in every round.
        ref var mean = ref Unsafe.Add(ref state.First.Reference, offset);
        ref var meanSquare = ref Unsafe.Add(ref state.Second.Reference, offset);
        var beta1 = TLanes.Create(betaOne);
        var beta2 = TLanes.Create(betaTwo);
        var oneMinusBeta1 = TLanes.Create((float)(1.0 - betaOne));
        var oneMinusBeta2 = TLanes.Create((float)(1.0 - betaTwo));
        var inverseRootCorrection = TLanes.Create(_inverseRootCorrection);
        var epsilon = TLanes.Create(smallest);
        var negativeStep = TLanes.Create(-_stepSize);
        var decay = TLanes.Create(gradientDecay);
        var shrink = TLanes.Create(weightShrink);
        for (var i = 0; i < count; i += TLanes.Count)
        {
            var w = TLanes.Load(in parameters, i);
            var g = TLanes.MultiplyAdd(decay, w, TLanes.Load(in gradient, i));
            var m = TLanes.MultiplyAdd(beta1, TLanes.Load(in mean, i), oneMinusBeta1 * g);
            var v = TLanes.MultiplyAdd(beta2, TLanes.Load(in meanSquare, i), oneMinusBeta2 * g * g);
            TLanes.Store(m, ref mean, i);
            TLanes.Store(v, ref meanSquare, i);
            var root = TLanes.MultiplyAdd(TLanes.Sqrt(v), inverseRootCorrection, epsilon);
            TLanes.Store(TLanes.MultiplyAdd(negativeStep, m / root, shrink * w), ref parameters, i);
        }
    }
}
