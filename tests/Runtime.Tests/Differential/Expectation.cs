using Backprop;
using Runtime.Tests.Differential.ErrorAnalysis;

namespace Runtime.Tests.Differential;

/// <summary>
/// What the reference engine says of a problem, and the comparison of a generated network with it, number by number, under the
/// bounds of the error analysis.
/// </summary>
internal sealed class Expectation
{
    private const int Steps = 3;
    private const float Momentum = 0.9f;

    /// <summary>The error analysis has the reference engine's formulas once more: both are in double, and differ by the order of sums.</summary>
    private const double SameFormulas = 1e-11;

    private readonly Problem _problem;
    private readonly BoundedResult _result;
    private readonly float _learningRate;
    private readonly BoundedTraining _plain, _momentum;

    public Expectation(Problem problem)
    {
        _problem = problem;
        var network = new BoundedNetwork(problem.Spec, problem.Parameters, []);
        _result = AsReferenceEngine(problem, network.Evaluate(problem.Inputs, problem.Targets));

        // A step that changes weights clearly, but no weighted input by much more than 1; and where the gradient is almost 0, as of
        // a softmax of one unit, it does not make large steps of its rounding.
        int fanIn = Enumerable.Range(0, problem.Spec.Layers.Count).Max(problem.Spec.InputsOf);
        _learningRate = (float)(0.5 / (Math.Max(Largest(_result.Gradient.Value), 1e-2) * Math.Max(8, fanIn)));
        _plain = BoundedTraining.Run(problem, network, _result, _learningRate, momentum: 0, Steps);
        _momentum = BoundedTraining.Run(problem, network, _result, _learningRate, Momentum, Steps);
    }

    /// <summary>The largest difference that was seen, in units of its bound: far below 1 where bounds are pessimistic.</summary>
    public double LargestShare { get; private set; }

    /// <summary>The bound of the gradient, in units of the largest value (at least 1e-10: it may be 0): what a comparison says.</summary>
    public double GradientBound => _result.Gradient.Error.Max() / Math.Max(Largest(_result.Gradient.Value), 1e-10);

    /// <summary>Compares everything that a network computes; an empty text where it agrees.</summary>
    public string Differences(GeneratedNetwork network)
    {
        float[] parameters = Problem.Narrow(_problem.Parameters), x = Problem.Narrow(_problem.Inputs), t = Problem.Narrow(_problem.Targets);
        var differences = new List<string>();
        network.LoadParameters(parameters);
        if (!network.Parameters.AsSpan().SequenceEqual(parameters))
            differences.Add("parameters do not come back as they were loaded");

        var outputs = new float[t.Length];
        network.Forward(x, outputs);
        Compare("outputs", _result.Outputs, outputs);
        Compare("loss", _result.Loss, [network.ComputeLoss(x, t)]);

        var gradient = new float[parameters.Length];
        var inputGradient = new float[x.Length];
        Array.Fill(gradient, float.NaN);
        Array.Fill(inputGradient, float.NaN);
        Compare("loss of Backward", _result.Loss, [network.Backward(x, t, gradient)]);
        Compare("gradient", _result.Gradient, gradient);
        var again = new float[gradient.Length];
        Compare("loss of Backward to the inputs", _result.Loss, [network.Backward(x, t, again, inputGradient)]);
        Compare("input gradient", _result.InputGradient, inputGradient);
        Compare("gradient beside input gradient", _result.Gradient, again);
        if (!network.Parameters.AsSpan().SequenceEqual(parameters))
            differences.Add("parameters changed without a training step");

        float[] losses = [.. Enumerable.Range(0, Steps).Select(_ => network.TrainStep(x, t, _learningRate))];
        Compare("losses of plain training", _plain.Losses, losses);
        Compare("parameters after plain training", _plain.Parameters, network.Parameters);

        network.LoadParameters(parameters);
        var sgd = new Sgd { LearningRate = _learningRate, Momentum = Momentum };
        losses = [.. Enumerable.Range(0, Steps).Select(_ => network.TrainStep(x, t, ref sgd))];
        Compare("losses of training with momentum", _momentum.Losses, losses);
        Compare("parameters after training with momentum", _momentum.Parameters, network.Parameters);
        return string.Join("; ", differences);

        void Compare(string what, Bounded expected, float[] actual)
        {
            for (int i = 0; i < actual.Length; i++)
            {
                double difference = Math.Abs(actual[i] - expected.Value[i]);
                if (difference > 0)
                    LargestShare = Math.Max(LargestShare, difference / expected.Error[i]);
                // A NaN is not within any bound.
                if (difference <= expected.Error[i])
                    continue;
                differences.Add($"{what}[{i} of {actual.Length}]: expected {expected.Value[i]:R} ± {expected.Error[i]:G3}, got {actual[i]:R}");
                return;
            }
        }
    }

    // The values that everything is compared with are the reference engine's own.
    private static BoundedResult AsReferenceEngine(Problem problem, BoundedResult result)
    {
        ReferenceNetwork network = problem.Reference();
        double[] outputs = new double[problem.Targets.Length], gradient = new double[network.ParameterCount], inputGradient = new double[problem.Inputs.Length];
        network.Forward(problem.Inputs, outputs);
        double loss = network.Backward(problem.Inputs, problem.Targets, gradient, inputGradient);
        return new BoundedResult(
            Take("outputs", result.Outputs, outputs), Take("loss", result.Loss, [loss]),
            Take("gradient", result.Gradient, gradient), Take("input gradient", result.InputGradient, inputGradient));

        static Bounded Take(string what, Bounded analysed, double[] value)
        {
            double scale = Math.Max(Largest(value), 1e-6);
            for (int i = 0; i < value.Length; i++)
                Assert.True(Math.Abs(value[i] - analysed.Value[i]) <= SameFormulas * scale, $"{what}[{i}]: the error analysis has {analysed.Value[i]:R}, the reference engine {value[i]:R}");
            return analysed with { Value = value };
        }
    }

    private static double Largest(double[] values) => values.Max(Math.Abs);
}
