using Backprop;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>Steps of gradient descent with momentum: v ← μ v + g, p ← p − η v. Without momentum it is the plain step.</summary>
internal sealed class BoundedTraining
{
    private BoundedTraining(Bounded losses, Bounded parameters) => (Losses, Parameters) = (losses, parameters);

    /// <summary>The loss before each step.</summary>
    public Bounded Losses { get; }

    /// <summary>The parameters after the last.</summary>
    public Bounded Parameters { get; }

    /// <summary>Trains.</summary>
    /// <param name="problem">Parameters and samples.</param>
    /// <param name="start">The network before the first step.</param>
    /// <param name="first">What it computes.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="steps">The number of steps.</param>
    public static BoundedTraining Run(Problem problem, BoundedNetwork start, BoundedResult first, float learningRate, float momentum, int steps)
    {
        double[] parameters = [.. problem.Parameters], errors = new double[parameters.Length];
        double[] velocity = new double[parameters.Length], velocityErrors = new double[parameters.Length];
        double[] losses = new double[steps], lossErrors = new double[steps];
        BoundedNetwork network = start;
        for (int step = 0; step < steps; step++)
        {
            if (step > 0)
                network = new BoundedNetwork(problem.Spec, parameters, errors, network);
            BoundedResult result = step == 0 ? first : network.Evaluate(problem.Inputs, problem.Targets);
            (losses[step], lossErrors[step]) = (result.Loss.Value[0], result.Loss.Error[0]);
            parameters = [.. parameters];
            errors = [.. errors];
            for (int i = 0; i < parameters.Length; i++)
            {
                double before = momentum * velocity[i], beforeError = momentum * velocityErrors[i];
                velocity[i] = before + result.Gradient.Value[i];
                velocityErrors[i] = beforeError + result.Gradient.Error[i]
                    + 3 * Rounding.U * (Math.Abs(before) + beforeError + Math.Abs(result.Gradient.Value[i]) + result.Gradient.Error[i]);
                double change = learningRate * velocity[i], changeError = learningRate * velocityErrors[i];
                parameters[i] -= change;
                // η may be multiplied into δ before the sum: one rounding more. The new parameter is rounded too.
                errors[i] += changeError + 3 * Rounding.U * (Math.Abs(change) + changeError) + Rounding.Tiny;
                errors[i] += Rounding.U * (Math.Abs(parameters[i]) + errors[i]);
            }
        }
        return new BoundedTraining(Bounded.Of(losses, lossErrors), Bounded.Of(parameters, errors));
    }
}
