using System.Numerics.Tensors;

namespace Backprop.Benchmarks;

/// <summary>
/// A dynamic float engine on <see cref="TensorPrimitives"/>: what a good C# developer would write by hand today. Weights
/// are [units, inputs], so that a unit's weighted input is one dot product and every loop runs over contiguous memory;
/// buffers are allocated once for the largest batch; a row's gradient is summed over the batch in a buffer that stays in
/// the first-level cache, and applied at once. It serves the activations and losses that the benchmarks use.
/// </summary>
public sealed class TensorPrimitivesNetwork : IEngine
{
    private readonly NetworkSpec _spec;
    private readonly float[] _parameters;
    private readonly Layer[] _layers;
    private readonly float[] _row;

    /// <summary>A network with all parameters 0.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="maxSamples">The most samples of one call.</param>
    /// <exception cref="NotSupportedException">The engine lacks an activation or the loss.</exception>
    public TensorPrimitivesNetwork(NetworkSpec spec, int maxSamples)
    {
        if (spec.Loss is not (Loss.HalfSquaredError or Loss.MeanSquaredError or Loss.CrossEntropy))
            throw new NotSupportedException($"Loss {spec.Loss}");
        _spec = spec;
        _parameters = new float[spec.ParameterCount];
        _layers = new Layer[spec.Layers.Count];
        int offset = 0;
        for (int i = 0; i < _layers.Length; i++)
        {
            DenseSpec layer = spec.Layers[i];
            if (!layer.Bias || layer.Activation is not (Activation.Identity or Activation.Sigmoid or Activation.Tanh or Activation.ReLU or Activation.Softmax))
                throw new NotSupportedException(layer.ToString());
            _layers[i] = new Layer(offset, spec.InputsOf(i), layer.Units, layer.Activation, maxSamples);
            offset += layer.Units * (spec.InputsOf(i) + 1);
        }
        _row = new float[_layers.Max(layer => layer.Inputs)];
    }

    /// <summary>One layer's sizes and buffers.</summary>
    /// <param name="Offset">Where its weights begin in the parameters; its biases follow them.</param>
    /// <param name="Inputs">Inputs of one sample.</param>
    /// <param name="Units">Outputs of one sample.</param>
    /// <param name="Activation">φ.</param>
    /// <param name="MaxSamples">The most samples of one call.</param>
    private sealed record Layer(int Offset, int Inputs, int Units, Activation Activation, int MaxSamples)
    {
        /// <summary>a = φ(z), [samples, units].</summary>
        public float[] Outputs { get; } = new float[MaxSamples * Units];

        /// <summary>δ = ∂C/∂z, [samples, units].</summary>
        public float[] Delta { get; } = new float[MaxSamples * Units];

        public int Bias => Offset + Units * Inputs;
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        int samples = inputs.Length / _spec.Inputs;
        foreach (Layer layer in _layers)
        {
            Span<float> result = layer.Outputs.AsSpan(0, samples * layer.Units);
            WeightedInputs(layer, inputs, samples, result);
            Activate(layer, result);
            inputs = result;
        }
        inputs.CopyTo(outputs);
    }

    /// <inheritdoc/>
    public float TrainStep(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, float learningRate)
    {
        int samples = inputs.Length / _spec.Inputs;
        Layer last = _layers[^1];
        Span<float> outputs = last.Outputs.AsSpan(0, samples * last.Units);
        Forward(inputs, outputs);
        float loss = LossAndDelta(last, outputs, targets, last.Delta.AsSpan(0, outputs.Length)) / samples;
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            if (i > 0)
                DeltaOfInputs(_layers[i], _layers[i - 1], samples);
            Update(_layers[i], i > 0 ? _layers[i - 1].Outputs : inputs, samples, -learningRate / samples);
        }
        return loss;
    }

    /// <inheritdoc/>
    public void CopyParametersTo(Span<float> destination) => _parameters.CopyTo(destination);

    /// <inheritdoc/>
    public void LoadParameters(ReadOnlySpan<float> source) => source.CopyTo(_parameters);

    /// <summary>z = W·x + b for each sample; a unit's weights are read once for the whole batch.</summary>
    private void WeightedInputs(Layer layer, ReadOnlySpan<float> inputs, int samples, Span<float> z)
    {
        for (int unit = 0; unit < layer.Units; unit++)
        {
            ReadOnlySpan<float> weights = _parameters.AsSpan(layer.Offset + unit * layer.Inputs, layer.Inputs);
            float bias = _parameters[layer.Bias + unit];
            for (int sample = 0; sample < samples; sample++)
                z[sample * layer.Units + unit] = bias + TensorPrimitives.Dot(weights, inputs.Slice(sample * layer.Inputs, layer.Inputs));
        }
    }

    /// <summary>a = φ(z), in place.</summary>
    private static void Activate(Layer layer, Span<float> z)
    {
        switch (layer.Activation)
        {
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(z, z);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(z, z);
                break;
            case Activation.ReLU:
                TensorPrimitives.Max(z, 0, z);
                break;
            case Activation.Softmax:
                for (; z.Length > 0; z = z[layer.Units..])
                {
                    Span<float> sample = z[..layer.Units];
                    TensorPrimitives.Subtract(sample, TensorPrimitives.Max<float>(sample), sample);
                    TensorPrimitives.SoftMax(sample, sample);
                }
                break;
        }
    }

    /// <summary>The summed loss, and δ of the last layer.</summary>
    private float LossAndDelta(Layer last, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, Span<float> delta)
    {
        TensorPrimitives.Subtract(outputs, targets, delta);
        float squares = TensorPrimitives.SumOfSquares<float>(delta);
        switch (_spec.Loss)
        {
            case Loss.CrossEntropy: // With softmax, δ = y − t.
                float loss = 0;
                for (int k = 0; k < targets.Length; k++)
                {
                    if (targets[k] != 0)
                        loss -= targets[k] * MathF.Log(outputs[k]);
                }
                return loss;
            case Loss.MeanSquaredError:
                TensorPrimitives.Multiply(delta, 2f / _spec.LossDivisor, delta);
                MultiplyByDerivative(last.Activation, outputs, delta);
                return squares / _spec.LossDivisor;
            default: // Half squared error: ∂C/∂y = y − t.
                MultiplyByDerivative(last.Activation, outputs, delta);
                return squares / 2;
        }
    }

    /// <summary>δ = (Wᵀ·δ′) ∘ φ′(z) of the layer below.</summary>
    private void DeltaOfInputs(Layer layer, Layer below, int samples)
    {
        Span<float> result = below.Delta.AsSpan(0, samples * below.Units);
        result.Clear();
        for (int sample = 0; sample < samples; sample++)
        {
            Span<float> delta = result.Slice(sample * below.Units, below.Units);
            for (int unit = 0; unit < layer.Units; unit++)
            {
                ReadOnlySpan<float> weights = _parameters.AsSpan(layer.Offset + unit * layer.Inputs, layer.Inputs);
                TensorPrimitives.MultiplyAdd(weights, layer.Delta[sample * layer.Units + unit], delta, delta);
            }
        }
        MultiplyByDerivative(below.Activation, below.Outputs, result);
    }

    /// <summary>δ ← δ ∘ φ′(z), with φ′ written in terms of a = φ(z).</summary>
    private static void MultiplyByDerivative(Activation activation, ReadOnlySpan<float> a, Span<float> delta)
    {
        switch (activation)
        {
            case Activation.Sigmoid:
                for (int k = 0; k < delta.Length; k++)
                    delta[k] *= a[k] * (1 - a[k]);
                break;
            case Activation.Tanh:
                for (int k = 0; k < delta.Length; k++)
                    delta[k] *= 1 - a[k] * a[k];
                break;
            case Activation.ReLU:
                for (int k = 0; k < delta.Length; k++)
                    delta[k] = a[k] > 0 ? delta[k] : 0;
                break;
        }
    }

    /// <summary>W ← W + scale · Σ δ·aᵀ, b ← b + scale · Σ δ over the samples, a unit at a time.</summary>
    private void Update(Layer layer, ReadOnlySpan<float> inputs, int samples, float scale)
    {
        Span<float> gradient = _row.AsSpan(0, layer.Inputs);
        for (int unit = 0; unit < layer.Units; unit++)
        {
            gradient.Clear();
            float biasGradient = 0;
            for (int sample = 0; sample < samples; sample++)
            {
                float delta = layer.Delta[sample * layer.Units + unit];
                TensorPrimitives.MultiplyAdd(inputs.Slice(sample * layer.Inputs, layer.Inputs), delta, gradient, gradient);
                biasGradient += delta;
            }
            Span<float> weights = _parameters.AsSpan(layer.Offset + unit * layer.Inputs, layer.Inputs);
            TensorPrimitives.MultiplyAdd(gradient, scale, weights, weights);
            _parameters[layer.Bias + unit] += scale * biasGradient;
        }
    }
}
