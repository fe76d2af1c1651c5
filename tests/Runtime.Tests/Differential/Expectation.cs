using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>What the reference engine says of a problem, and the comparison of a generated network with it.</summary>
internal sealed class Expectation
{
    /// <summary>The most that results may differ, in units of the largest value of their kind.</summary>
    public const double Tolerance = 3e-5;

    private const int Steps = 3;
    private const float Momentum = 0.9f;

    private readonly Problem _problem;
    private readonly double[] _outputs, _gradient, _inputGradient;
    private readonly double _loss;
    private readonly float _learningRate;
    private readonly Training _plain, _momentum;

    public Expectation(Problem problem)
    {
        _problem = problem;
        ReferenceNetwork network = problem.Reference();
        _outputs = new double[problem.Targets.Length];
        _gradient = new double[network.ParameterCount];
        _inputGradient = new double[problem.Inputs.Length];
        network.Forward(problem.Inputs, _outputs);
        _loss = network.Backward(problem.Inputs, problem.Targets, _gradient, _inputGradient);

        // A step that changes weights clearly, but no weighted input by much more than 1.
        int fanIn = Enumerable.Range(0, problem.Spec.Layers.Count).Max(problem.Spec.InputsOf);
        _learningRate = (float)(0.5 / (Math.Max(Largest(_gradient), 1e-6) * Math.Max(8, fanIn)));
        _plain = Train(momentum: 0);
        _momentum = Train(Momentum);
    }

    /// <summary>Compares everything that a network computes; an empty text where it agrees.</summary>
    public string Differences(GeneratedNetwork network)
    {
        float[] parameters = Problem.Narrow(_problem.Parameters), x = Problem.Narrow(_problem.Inputs), t = Problem.Narrow(_problem.Targets);
        var differences = new List<string>();
        network.LoadParameters(parameters);
        if (!network.Parameters.AsSpan().SequenceEqual(parameters))
            differences.Add("parameters do not come back as they were loaded");

        var outputs = new float[_outputs.Length];
        network.Forward(x, outputs);
        // Outputs that cancel to almost 0 are compared with what they are the difference of; softmax has no difference.
        double outputScale = _problem.Spec.Layers[^1].Activation == Activation.Softmax ? Largest(_outputs) : Math.Max(Largest(_outputs), 0.5);
        Compare("outputs", _outputs, outputs, outputScale);
        Compare("loss", [_loss], [network.ComputeLoss(x, t)], Math.Max(Math.Abs(_loss), 1e-2));

        // One backward pass feeds both: the input gradient, which may cancel, has the rounding of the largest δ.
        double gradientScale = Math.Max(Largest(_gradient), Largest(_inputGradient));
        var gradient = new float[_gradient.Length];
        var inputGradient = new float[_inputGradient.Length];
        Array.Fill(gradient, float.NaN);
        Array.Fill(inputGradient, float.NaN);
        float loss = network.Backward(x, t, gradient);
        Compare("loss of Backward", [_loss], [loss], Math.Max(Math.Abs(_loss), 1e-2));
        Compare("gradient", _gradient, gradient, gradientScale);
        var again = new float[gradient.Length];
        network.Backward(x, t, again, inputGradient);
        Compare("input gradient", _inputGradient, inputGradient, gradientScale);
        Compare("gradient beside input gradient", _gradient, again, gradientScale);
        if (!network.Parameters.AsSpan().SequenceEqual(parameters))
            differences.Add("parameters changed without a training step");

        float[] losses = [.. _plain.Losses.Select(_ => network.TrainStep(x, t, _learningRate))];
        CompareTraining("plain training", _plain, losses);

        network.LoadParameters(parameters);
        var sgd = new Sgd { LearningRate = _learningRate, Momentum = Momentum };
        losses = [.. _momentum.Losses.Select(_ => network.TrainStep(x, t, ref sgd))];
        CompareTraining("training with momentum", _momentum, losses);
        return string.Join("; ", differences);

        void CompareTraining(string what, Training expected, float[] actual)
        {
            Compare($"losses of {what}", expected.Losses, actual, Math.Max(Largest(expected.Losses), 1e-2));
            // What was learned, beside the rounding of the parameters that it was added to.
            double[] change = Subtract(expected.Parameters, _problem.Parameters), learned = Subtract(Problem.Widen(network.Parameters), _problem.Parameters);
            double rounding = Steps * Math.Pow(2, -23) * Largest(_problem.Parameters) / Tolerance;
            Compare($"parameters after {what}", change, learned, Largest(change) + rounding);
        }

        void Compare<T>(string what, double[] expected, T[] actual, double scale) where T : struct, IConvertible
        {
            for (int i = 0; i < expected.Length; i++)
            {
                double found = Convert.ToDouble(actual[i]);
                if (Math.Abs(found - expected[i]) <= Tolerance * Math.Max(scale, 1e-6))
                    continue;
                differences.Add($"{what}[{i} of {expected.Length}]: expected {expected[i]:R}, got {found:R}, largest {scale:R}");
                return;
            }
        }
    }

    // Training ends early where the next step would be at a kink.
    private Training Train(float momentum)
    {
        ReferenceNetwork network = _problem.Reference();
        double[] parameters = [.. _problem.Parameters], gradient = new double[parameters.Length], velocity = new double[parameters.Length];
        var losses = new List<double>();
        for (int step = 0; step < Steps; step++)
        {
            if (step > 0 && _problem.IsNearKink(parameters))
                break;
            losses.Add(network.Backward(_problem.Inputs, _problem.Targets, gradient));
            for (int i = 0; i < parameters.Length; i++)
            {
                velocity[i] = momentum * velocity[i] + gradient[i];
                parameters[i] -= _learningRate * velocity[i];
            }
            network.LoadParameters(parameters);
        }
        return new Training([.. losses], parameters);
    }

    private static double Largest(double[] values) => values.Max(Math.Abs);

    private static double[] Subtract(double[] from, double[] values) => [.. from.Zip(values, (a, b) => a - b)];

    private sealed record Training(double[] Losses, double[] Parameters);
}
