namespace Backprop.Benchmarks;

/// <summary>What the reference engine computes for a workload's first samples.</summary>
/// <param name="Outputs">[samples, outputs].</param>
/// <param name="Loss">The mean loss before the step.</param>
/// <param name="Parameters">After one step with <see cref="LearningRate"/>, canonical order.</param>
public sealed record Expectation(double[] Outputs, double Loss, double[] Parameters)
{
    /// <summary>The learning rate of the compared step: large, so that a wrong gradient shows in the parameters.</summary>
    public const float LearningRate = 0.5f;

    /// <summary>Runs the reference engine.</summary>
    /// <param name="workload">The network, its parameters and samples.</param>
    /// <param name="samples">How many of the samples.</param>
    public static Expectation Of(Workload workload, int samples)
    {
        NetworkSpec spec = workload.Spec;
        double[] inputs = ToDouble(workload.Inputs.AsSpan(0, samples * spec.Inputs));
        double[] targets = ToDouble(workload.Targets.AsSpan(0, samples * spec.Outputs));
        var outputs = new double[samples * spec.Outputs];
        var parameters = new double[spec.ParameterCount];

        var reference = new ReferenceNetwork(spec);
        reference.LoadParameters(ToDouble(workload.Parameters));
        reference.Forward(inputs, outputs);
        double loss = reference.TrainStep(inputs, targets, LearningRate);
        reference.CopyParametersTo(parameters);
        return new Expectation(outputs, loss, parameters);
    }

    /// <summary>A copy in double.</summary>
    /// <param name="values">The values.</param>
    public static double[] ToDouble(ReadOnlySpan<float> values)
    {
        var copy = new double[values.Length];
        for (int i = 0; i < copy.Length; i++)
            copy[i] = values[i];
        return copy;
    }
}
