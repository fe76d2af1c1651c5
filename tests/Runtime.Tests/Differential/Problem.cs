using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>
/// Parameters and samples for a specification, all exact in float, drawn so that a comparison with the reference engine says
/// something: no weighted input is so near a kink of φ that rounding decides on which side it is, and targets of regressions
/// are not so near the outputs that their difference is mostly rounding.
/// </summary>
internal sealed class Problem
{
    private const int Attempts = 100;

    private Problem(NetworkSpec spec, double[] parameters, double[] inputs, double[] targets) =>
        (Spec, Parameters, Inputs, Targets) = (spec, parameters, inputs, targets);

    public NetworkSpec Spec { get; }

    public int Samples => Inputs.Length / Spec.Inputs;

    public double[] Parameters { get; }

    public double[] Inputs { get; }

    public double[] Targets { get; }

    /// <summary>Draws a problem.</summary>
    public static Problem Draw(NetworkSpec spec, int samples, Random random)
    {
        Problem problem = Of(spec, random.Next(), new float[samples * spec.Inputs], new float[samples * spec.Outputs]);
        ReferenceNetwork network = problem.Reference();
        var outputs = new double[spec.Outputs];
        for (int s = 0; s < samples; s++)
        {
            Span<double> x = problem.Inputs.AsSpan(s * spec.Inputs, spec.Inputs);
            int attempt = 0;
            do
            {
                foreach (ref double value in x)
                    value = (float)(2 * random.NextDouble() - 1);
            }
            while (Kinks.IsNear(spec, problem.Parameters, x) && ++attempt < Attempts);
            network.Forward(x, outputs);
            DrawTargets(spec.Loss, outputs, problem.Targets.AsSpan(s * spec.Outputs, spec.Outputs), random);
        }
        return problem;
    }

    /// <summary>The problem of given samples.</summary>
    public static Problem Of(NetworkSpec spec, int seed, float[] inputs, float[] targets)
    {
        var parameters = new float[spec.ParameterCount];
        ParameterInitializer.Fill(spec, seed, parameters);
        return new Problem(spec, Widen(parameters), Widen(inputs), Widen(targets));
    }

    /// <summary>A problem with other values.</summary>
    public Problem With(NetworkSpec? spec = null, double[]? parameters = null, double[]? inputs = null, double[]? targets = null) =>
        new(spec ?? Spec, parameters ?? Parameters, inputs ?? Inputs, targets ?? Targets);

    /// <summary>The reference engine with the parameters.</summary>
    public ReferenceNetwork Reference()
    {
        var network = new ReferenceNetwork(Spec);
        network.LoadParameters(Parameters);
        return network;
    }

    /// <summary>Exact in double.</summary>
    public static double[] Widen(float[] values) => Array.ConvertAll(values, value => (double)value);

    /// <summary>Exact where the values are those of floats.</summary>
    public static float[] Narrow(double[] values) => Array.ConvertAll(values, value => (float)value);

    private static void DrawTargets(Loss loss, ReadOnlySpan<double> outputs, Span<double> targets, Random random)
    {
        if (loss == Loss.CrossEntropy)
        {
            targets[random.Next(targets.Length)] = 1;
            return;
        }
        for (int k = 0; k < targets.Length; k++)
        {
            double distance = 0.3 + random.NextDouble();
            targets[k] = (float)(loss == Loss.BinaryCrossEntropy ? random.NextDouble() : outputs[k] + (random.Next(2) == 0 ? distance : -distance));
        }
    }
}
