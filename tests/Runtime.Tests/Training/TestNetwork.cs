using Backprop;

namespace Runtime.Tests.Training;

/// <summary>The specification of a <see cref="TestNetwork{TSpec}"/>.</summary>
internal interface ITestSpec
{
    static abstract NetworkSpec Spec { get; }
}

/// <summary>
/// A network for the tests of what is generic over networks. With one layer it computes and learns, straight from the
/// formulas (z = W·x + b and δ = y − t, doubled for the squared error); with more it only holds parameters.
/// </summary>
internal sealed class TestNetwork<TSpec> : INetwork<TestNetwork<TSpec>> where TSpec : ITestSpec
{
    private readonly float[] _parameters = new float[ParameterCount];
    private readonly float[] _gradient = new float[(ParameterCount + 15) / 16 * 16];
    private readonly float[] _delta = new float[OutputSize];

    public TestNetwork(int seed = 0)
    {
        var random = new Random(seed);
        for (int i = 0; i < _parameters.Length; i++)
            _parameters[i] = random.NextSingle() - 0.5f;
    }

    public static int InputSize => TSpec.Spec.Inputs;
    public static int OutputSize => TSpec.Spec.Outputs;
    public static int ParameterCount => TSpec.Spec.ParameterCount;
    public static NetworkSpec Spec => TSpec.Spec;

    /// <summary>The first input of each sample of each step, where a list is set.</summary>
    public List<float[]>? Steps { get; set; }

    public static TestNetwork<TSpec> Create(int seed = 0) => new(seed);

    public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        for (int s = 0; s < inputs.Length / InputSize; s++)
            ForwardOne(inputs.Slice(s * InputSize, InputSize), outputs.Slice(s * OutputSize, OutputSize));
    }

    public float ComputeLoss(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        double loss = 0;
        int samples = inputs.Length / InputSize;
        for (int s = 0; s < samples; s++)
        {
            ForwardOne(inputs.Slice(s * InputSize, InputSize), _delta);
            loss += LossOf(_delta, targets.Slice(s * OutputSize, OutputSize));
        }
        return (float)(loss / samples);
    }

    public float Backward(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient)
    {
        gradient.Clear();
        float loss = 0;
        int samples = inputs.Length / InputSize;
        for (int s = 0; s < samples; s++)
        {
            ReadOnlySpan<float> x = inputs.Slice(s * InputSize, InputSize), t = targets.Slice(s * OutputSize, OutputSize);
            ForwardOne(x, _delta);
            loss += LossOf(_delta, t) / samples;
            for (int k = 0; k < OutputSize; k++)
            {
                float delta = (_delta[k] - t[k]) / samples * (TSpec.Spec.Loss == Loss.MeanSquaredError ? 2f : 1f) / TSpec.Spec.LossDivisor;
                for (int i = 0; i < InputSize; i++)
                    gradient[k * InputSize + i] += delta * x[i];
                gradient[OutputSize * InputSize + k] += delta;
            }
        }
        return loss;
    }

    public float Backward(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient, Span<float> inputGradient) =>
        throw new NotSupportedException();

    public float TrainStep(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, float learningRate)
    {
        var descent = new Descent { LearningRate = learningRate };
        return TrainStep(inputs, targets, ref descent);
    }

    public float TrainStep<TOptimizer>(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ref TOptimizer optimizer)
        where TOptimizer : struct, IOptimizer
    {
        if (Steps is not null)
        {
            var firsts = new float[inputs.Length / InputSize];
            for (int s = 0; s < firsts.Length; s++)
                firsts[s] = inputs[s * InputSize];
            Steps.Add(firsts);
        }
        float loss = Backward(inputs, targets, _gradient.AsSpan(0, ParameterCount));
        optimizer.BeginStep(this, ParameterCount);
        optimizer.Update(ref _parameters[0], ref _gradient[0], 0, ParameterCount);
        return loss;
    }

    public void CopyParametersTo(Span<float> destination) => _parameters.CopyTo(destination);

    public void LoadParameters(ReadOnlySpan<float> source) => source.CopyTo(_parameters);

    private void ForwardOne(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int k = 0; k < y.Length; k++)
        {
            float z = _parameters[OutputSize * InputSize + k];
            for (int i = 0; i < x.Length; i++)
                z += _parameters[k * InputSize + i] * x[i];
            y[k] = z;
        }
        switch (TSpec.Spec.Layers[0].Activation)
        {
            case Activation.Sigmoid:
                for (int k = 0; k < y.Length; k++)
                    y[k] = 1f / (1f + MathF.Exp(-y[k]));
                break;
            case Activation.Softmax:
                float max = float.NegativeInfinity, sum = 0;
                foreach (float z in y)
                    max = MathF.Max(max, z);
                for (int k = 0; k < y.Length; k++)
                    sum += y[k] = MathF.Exp(y[k] - max);
                for (int k = 0; k < y.Length; k++)
                    y[k] /= sum;
                break;
        }
    }

    private static float LossOf(ReadOnlySpan<float> y, ReadOnlySpan<float> t)
    {
        float loss = 0;
        for (int k = 0; k < y.Length; k++)
        {
            loss += TSpec.Spec.Loss switch
            {
                Loss.CrossEntropy => t[k] == 0 ? 0 : -t[k] * MathF.Log(y[k]),
                Loss.BinaryCrossEntropy => -MathF.Log(t[k] == 1 ? y[k] : 1 - y[k]),
                _ => (y[k] - t[k]) * (y[k] - t[k]),
            };
        }
        return loss / TSpec.Spec.LossDivisor;
    }
}

/// <summary>W ← W − η ∂C/∂W, and nothing else.</summary>
internal struct Descent : IOptimizer
{
    public float LearningRate { get; set; }

    public readonly void BeginStep(object network, int length)
    {
    }

    public readonly void Update(ref float parameters, ref float gradient, int offset, int count)
    {
        for (int i = 0; i < count; i++)
            System.Runtime.CompilerServices.Unsafe.Add(ref parameters, i) -= LearningRate * System.Runtime.CompilerServices.Unsafe.Add(ref gradient, i);
    }
}

/// <summary>2 inputs, 2 classes: softmax and cross-entropy.</summary>
internal readonly struct TwoClasses : ITestSpec
{
    public static NetworkSpec Spec { get; } = new(2, [new DenseSpec(2, Activation.Softmax)]) { Loss = Loss.CrossEntropy, BatchSize = 8 };
}

/// <summary>1 input, 2 outputs: sigmoid and binary cross-entropy.</summary>
internal readonly struct TwoSides : ITestSpec
{
    public static NetworkSpec Spec { get; } = new(1, [new DenseSpec(2, Activation.Sigmoid)]) { Loss = Loss.BinaryCrossEntropy };
}

/// <summary>1 input, 1 output: a straight line.</summary>
internal readonly struct Line : ITestSpec
{
    public static NetworkSpec Spec { get; } = new(1, [new DenseSpec(1)]) { Loss = Loss.MeanSquaredError };
}

/// <summary>3-4-2, with a bias on the last layer only.</summary>
internal readonly struct TwoLayers : ITestSpec
{
    public static NetworkSpec Spec { get; } = new(3, [new DenseSpec(4, Activation.Tanh) { Bias = false }, new DenseSpec(2)]);
}
