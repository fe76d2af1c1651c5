namespace Backprop.Benchmarks;

/// <summary>Checks that an engine computes what the reference engine computes; nothing is timed before it holds.</summary>
public static class Agreement
{
    /// <summary>The largest difference that float's rounding may cause, relative to the largest value or to 1.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Compares outputs and parameters after a step, for one sample and for all; leaves the workload's parameters loaded.</summary>
    /// <param name="name">The engine's name, for the message.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="workload">The network, its parameters and samples.</param>
    /// <exception cref="InvalidOperationException">They differ by more than <see cref="Tolerance"/>.</exception>
    public static void Require(string name, IEngine engine, Workload workload)
    {
        NetworkSpec spec = workload.Spec;
        foreach (int samples in (int[])[1, Workload.Samples])
        {
            Expectation expected = Expectation.Of(workload, samples);
            ReadOnlySpan<float> inputs = workload.Inputs.AsSpan(0, samples * spec.Inputs);
            ReadOnlySpan<float> targets = workload.Targets.AsSpan(0, samples * spec.Outputs);
            var outputs = new float[samples * spec.Outputs];
            var parameters = new float[spec.ParameterCount];

            engine.LoadParameters(workload.Parameters);
            engine.Forward(inputs, outputs);
            RequireClose($"{name}, outputs of {samples} samples", outputs, expected.Outputs);
            float loss = engine.TrainStep(inputs, targets, Expectation.LearningRate);
            engine.CopyParametersTo(parameters);
            RequireClose($"{name}, parameters after a step on {samples} samples", parameters, expected.Parameters);
            RequireClose($"{name}, loss of {samples} samples", [loss], [expected.Loss]);
        }
        engine.LoadParameters(workload.Parameters);
    }

    private static void RequireClose(string what, ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        double scale = 1;
        foreach (double value in expected)
            scale = Math.Max(scale, Math.Abs(value));
        for (int i = 0; i < actual.Length; i++)
        {
            // Written so that NaN fails.
            if (!(Math.Abs(actual[i] - expected[i]) <= Tolerance * scale))
                throw new InvalidOperationException($"{what}: [{i}] is {actual[i]}, expected {expected[i]}");
        }
    }
}
