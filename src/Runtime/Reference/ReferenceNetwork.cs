using Backprop.Kernels;
using Backprop.Numerics;

namespace Backprop;

/// <summary>
/// The network of a specification, computed in double straight from the textbook's equations: no vectors, no tiles, no
/// tricks. It judges the generated networks, and it reads beside docs/backpropagation.md. Its members are those of a
/// generated class on double spans; the same seed gives the same initial parameters.
/// </summary>
/// <remarks>
/// <see cref="Forward"/>, <see cref="ComputeLoss"/> and both forms of Backward only read the network: any number of threads
/// may call them at once. Calls allocate.
/// </remarks>
public sealed class ReferenceNetwork
{
    private readonly double[] _parameters;
    private readonly ReferenceLayer[] _layers;

    /// <summary>A network with initial parameters drawn from the specification's initializers.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="seed">The seed of the initial parameters.</param>
    /// <exception cref="ArgumentException">The specification breaks a rule.</exception>
    public ReferenceNetwork(NetworkSpec spec, int seed = 0)
    {
        SpecificationRules.Require(spec);
        Spec = spec;
        _layers = new ReferenceLayer[spec.Layers.Count];
        int offset = 0;
        for (int l = 0; l < _layers.Length; l++)
        {
            _layers[l] = new ReferenceLayer(spec.Layers[l], spec.InputsOf(l), offset);
            offset += _layers[l].ParameterCount;
        }

        var initial = new float[offset];
        ParameterInitializer.Fill(spec, seed, initial);
        _parameters = Array.ConvertAll(initial, value => (double)value);
    }

    /// <summary>The specification.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>The number of inputs of one sample.</summary>
    public int InputSize => Spec.Inputs;

    /// <summary>The number of outputs of one sample.</summary>
    public int OutputSize => Spec.Outputs;

    /// <summary>The number of parameters.</summary>
    public int ParameterCount => _parameters.Length;

    /// <summary>Computes the outputs for one or more samples.</summary>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="outputs">[samples, OutputSize]; overwritten. It must not overlap <paramref name="inputs"/>.</param>
    /// <exception cref="ArgumentException">A length is wrong, there is no sample, or the spans overlap; nothing was written.</exception>
    public void Forward(ReadOnlySpan<double> inputs, Span<double> outputs)
    {
        int samples = ArgumentGuard.Samples(inputs.Length, InputSize);
        ArgumentGuard.PerSample(outputs.Length, samples, OutputSize, nameof(outputs));
        ArgumentGuard.NoOverlap(inputs, outputs, nameof(outputs));
        for (int s = 0; s < samples; s++)
            Activate(Row(inputs, s, InputSize)).Outputs.CopyTo(outputs[(s * OutputSize)..]);
    }

    /// <summary>The mean loss over the samples.</summary>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <exception cref="ArgumentException">A length is wrong or there is no sample.</exception>
    public double ComputeLoss(ReadOnlySpan<double> inputs, ReadOnlySpan<double> targets)
    {
        int samples = ArgumentGuard.Samples(inputs.Length, InputSize);
        ArgumentGuard.PerSample(targets.Length, samples, OutputSize, nameof(targets));
        double sum = 0;
        for (int s = 0; s < samples; s++)
            sum += SampleLoss(Activate(Row(inputs, s, InputSize)), Row(targets, s, OutputSize));
        return sum / samples;
    }

    /// <summary>Computes the gradient of the mean loss; the parameters stay as they are.</summary>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <param name="gradient">[ParameterCount], canonical order; overwritten. It must not overlap what is read.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="ArgumentException">A length is wrong, there is no sample, or spans overlap; nothing was written.</exception>
    public double Backward(ReadOnlySpan<double> inputs, ReadOnlySpan<double> targets, Span<double> gradient)
    {
        int samples = ArgumentGuard.Samples(inputs.Length, InputSize);
        return Backward(inputs, targets, gradient, new double[samples * InputSize]);
    }

    /// <summary>Computes the gradient of the mean loss by the parameters and by the inputs.</summary>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <param name="gradient">[ParameterCount], canonical order; overwritten. It must not overlap what is read.</param>
    /// <param name="inputGradient">[samples, InputSize]; overwritten. It must not overlap what is read, nor <paramref name="gradient"/>.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="ArgumentException">A length is wrong, there is no sample, or spans overlap; nothing was written.</exception>
    public double Backward(
        ReadOnlySpan<double> inputs, ReadOnlySpan<double> targets, Span<double> gradient, Span<double> inputGradient)
    {
        int samples = ArgumentGuard.Samples(inputs.Length, InputSize);
        ArgumentGuard.PerSample(targets.Length, samples, OutputSize, nameof(targets));
        ArgumentGuard.Exact(gradient.Length, ParameterCount, nameof(gradient));
        ArgumentGuard.PerSample(inputGradient.Length, samples, InputSize, nameof(inputGradient));
        ArgumentGuard.NoOverlap(inputs, gradient, nameof(gradient));
        ArgumentGuard.NoOverlap(targets, gradient, nameof(gradient));
        ArgumentGuard.NoOverlap(inputs, inputGradient, nameof(inputGradient));
        ArgumentGuard.NoOverlap(targets, inputGradient, nameof(inputGradient));
        ArgumentGuard.NoOverlap(gradient, inputGradient, nameof(inputGradient));

        // The mean over the batch: C = (1/N) Σ over the samples, and so is every derivative of it.
        double sum = 0;
        gradient.Clear();
        for (int s = 0; s < samples; s++)
        {
            Activations activations = Activate(Row(inputs, s, InputSize));
            ReadOnlySpan<double> t = Row(targets, s, OutputSize);
            sum += SampleLoss(activations, t);
            Propagate(activations, t, gradient).CopyTo(inputGradient[(s * InputSize)..]);
        }

        Divide(gradient, samples);
        Divide(inputGradient, samples);
        return sum / samples;
    }

    /// <summary>One step of gradient descent: W ← W − η ∂C/∂W, b ← b − η ∂C/∂b.</summary>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <param name="learningRate">η: finite, not negative.</param>
    /// <returns>The mean loss of the parameters before the step.</returns>
    /// <exception cref="ArgumentException">A length is wrong, there is no sample, or η is not allowed; nothing was changed.</exception>
    public double TrainStep(ReadOnlySpan<double> inputs, ReadOnlySpan<double> targets, double learningRate)
    {
        ArgumentGuard.LearningRate(learningRate);
        var gradient = new double[ParameterCount];
        double loss = Backward(inputs, targets, gradient);
        for (int i = 0; i < _parameters.Length; i++)
            _parameters[i] -= learningRate * gradient[i];
        return loss;
    }

    /// <summary>Copies the parameters out.</summary>
    /// <param name="destination">[ParameterCount], canonical order; overwritten.</param>
    /// <exception cref="ArgumentException">The length is wrong; nothing was written.</exception>
    public void CopyParametersTo(Span<double> destination)
    {
        ArgumentGuard.Exact(destination.Length, ParameterCount, nameof(destination));
        _parameters.CopyTo(destination);
    }

    /// <summary>Replaces the parameters.</summary>
    /// <param name="source">[ParameterCount], canonical order.</param>
    /// <exception cref="ArgumentException">The length is wrong; nothing was written.</exception>
    public void LoadParameters(ReadOnlySpan<double> source)
    {
        ArgumentGuard.Exact(source.Length, ParameterCount, nameof(source));
        source.CopyTo(_parameters);
    }

    /// <summary>The forward pass of one sample: a⁰ = x, then zˡ = Wˡ aˡ⁻¹ + bˡ and aˡ = φˡ(zˡ) for each layer l.</summary>
    private Activations Activate(ReadOnlySpan<double> x)
    {
        var activations = new Activations(_layers.Length);
        activations.A[0] = x.ToArray();
        for (int l = 1; l <= _layers.Length; l++)
        {
            ReferenceLayer layer = _layers[l - 1];
            activations.Z[l] = layer.WeightedInputs(_parameters, activations.A[l - 1]);
            activations.A[l] = layer.Activate(activations.Z[l]);
        }

        return activations;
    }

    /// <summary>The loss C of one sample.</summary>
    private double SampleLoss(Activations activations, ReadOnlySpan<double> t)
    {
        double[] z = activations.Z[^1], y = activations.Outputs;
        if (Spec.Loss == Loss.CrossEntropy)
            return CrossEntropy.Value(z, t);

        double sum = 0;
        for (int k = 0; k < y.Length; k++)
            sum += Spec.Loss == Loss.BinaryCrossEntropy ? BinaryCrossEntropy.Value(z[k], t[k]) : ScalarLoss.Value(Spec.Loss, y[k], t[k]);
        return sum / Spec.LossDivisor;
    }

    /// <summary>The backward pass of one sample: adds ∂C/∂W and ∂C/∂b of every layer to the gradient and returns ∂C/∂x.</summary>
    private double[] Propagate(Activations activations, ReadOnlySpan<double> t, Span<double> gradient)
    {
        double[] delta = OutputDelta(activations, t);
        for (int l = _layers.Length; ; l--)
        {
            _layers[l - 1].AddGradient(delta, activations.A[l - 1], gradient);
            double[] byInput = _layers[l - 1].InputGradient(_parameters, delta);
            if (l == 1)
                return byInput;

            // δ of a hidden layer: δˡ⁻¹ = (Wˡ)ᵀ δˡ ∘ φ′(zˡ⁻¹).
            delta = _layers[l - 2].Delta(byInput, activations.Z[l - 1], activations.A[l - 1]);
        }
    }

    /// <summary>δ of the output layer: δᴸ = ∂C/∂zᴸ = ∂C/∂y ∘ φ′(zᴸ), or y − t where loss and activation are fused.</summary>
    private double[] OutputDelta(Activations activations, ReadOnlySpan<double> t)
    {
        double[] z = activations.Z[^1], y = activations.Outputs;
        var result = new double[y.Length];
        for (int k = 0; k < y.Length; k++)
        {
            double byOutput = Spec.Loss switch
            {
                Loss.CrossEntropy => y[k] - t[k],
                Loss.BinaryCrossEntropy => BinaryCrossEntropy.Derivative(z[k], t[k]),
                _ => ScalarLoss.Derivative(Spec.Loss, y[k], t[k]),
            };
            result[k] = byOutput / Spec.LossDivisor;
        }

        bool fused = Spec.Loss is Loss.CrossEntropy or Loss.BinaryCrossEntropy;
        return fused ? result : _layers[^1].Delta(result, z, y);
    }

    private static ReadOnlySpan<double> Row(ReadOnlySpan<double> matrix, int row, int columns) => matrix.Slice(row * columns, columns);

    private static void Divide(Span<double> values, int divisor)
    {
        foreach (ref double value in values)
            value /= divisor;
    }

    /// <summary>What the forward pass of one sample leaves for the backward pass: zˡ and aˡ by layer l; a⁰ is the input.</summary>
    private sealed class Activations(int layers)
    {
        public double[][] Z { get; } = new double[layers + 1][];

        public double[][] A { get; } = new double[layers + 1][];

        public double[] Outputs => A[^1];
    }
}
