using Backprop;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>Both passes of one sample.</summary>
internal sealed class BoundedSample
{
    private readonly NetworkSpec _spec;
    private readonly BoundedLayer[] _layers;
    private readonly Bounded[] _a;
    private readonly Bounded _z;
    private readonly BoundedActivation?[] _activations;
    private readonly BoundedSoftmax? _softmax;

    /// <summary>The forward pass.</summary>
    public BoundedSample(NetworkSpec spec, BoundedLayer[] layers, ReadOnlySpan<double> x)
    {
        (_spec, _layers) = (spec, layers);
        _a = new Bounded[layers.Length + 1];
        _activations = new BoundedActivation[layers.Length];
        _a[0] = _z = Bounded.Exact(x);
        for (int l = 0; l < layers.Length; l++)
        {
            _z = layers[l].WeightedInputs(_a[l]);
            if (spec.Layers[l].Activation == Activation.Softmax)
            {
                _softmax = new BoundedSoftmax(_z);
                _a[l + 1] = _softmax.Y;
            }
            else
            {
                _activations[l] = new BoundedActivation(spec.Layers[l].Activation, _z);
                _a[l + 1] = _activations[l]!.A;
            }
        }
    }

    /// <summary>y.</summary>
    public Bounded Outputs => _a[^1];

    /// <summary>The sum over the outputs of the loss, not divided.</summary>
    public (double Value, double Error) Loss(double[] t)
    {
        if (_spec.Loss == Backprop.Loss.CrossEntropy)
            return BoundedLoss.OfSoftmax(_z, _softmax!, t);
        double sum = 0, errors = 0;
        for (int k = 0; k < t.Length; k++)
        {
            (double value, double error) = _spec.Loss == Backprop.Loss.BinaryCrossEntropy
                ? BoundedLoss.OfLogit(_z.Value[k], _z.Error[k], t[k])
                : BoundedLoss.OfOutput(_spec.Loss, Outputs.Value[k], Outputs.Error[k], t[k]);
            sum += value;
            errors += error;
        }
        return (sum, errors);
    }

    /// <summary>The backward pass: adds to the gradients, and returns ∂C/∂x.</summary>
    public Bounded Propagate(double[] t, double scale, BoundedGradient[] gradients)
    {
        Bounded delta = OutputDelta(t, scale);
        for (int l = _layers.Length - 1; ; l--)
        {
            gradients[l].Add(delta, _a[l]);
            Bounded r = _layers[l].InputGradient(delta);
            if (l == 0)
                return r;
            delta = _activations[l - 1]!.Delta(r);
        }
    }

    private Bounded OutputDelta(double[] t, double scale)
    {
        bool fused = _spec.Loss is Backprop.Loss.CrossEntropy or Backprop.Loss.BinaryCrossEntropy;
        double[] value = new double[t.Length], error = new double[t.Length];
        for (int k = 0; k < t.Length; k++)
        {
            (double y, double e) = (Outputs.Value[k], Outputs.Error[k]);
            (double g, double own) = fused ? (y - t[k], e + Rounding.U * (Math.Abs(y - t[k]) + e)) : BoundedLoss.Derivative(_spec.Loss, y, e, t[k]);
            // 1 / (samples · outputs) is rounded, and so is the product.
            value[k] = g * scale;
            error[k] = (own + 4 * Rounding.U * (Math.Abs(g) + own)) * scale + Rounding.Tiny;
        }
        Bounded byOutput = Bounded.Of(value, error);
        return fused ? byOutput : _softmax?.Delta(byOutput) ?? _activations[^1]!.Delta(byOutput);
    }
}
