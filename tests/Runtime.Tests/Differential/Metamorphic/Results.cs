using Backprop;
using Runtime.Tests.Differential.ErrorAnalysis;

namespace Runtime.Tests.Differential.Metamorphic;

/// <summary>What a generated network computes of a problem, with error bounds, or none for data on which sums are exact.</summary>
internal sealed record Results(Bounded Outputs, Bounded Loss, Bounded Gradient, Bounded InputGradient)
{
    /// <summary>Computes them.</summary>
    public static Results Of(GeneratedNetwork network, Problem problem, bool exact)
    {
        float[] x = Problem.Narrow(problem.Inputs), t = Problem.Narrow(problem.Targets);
        float[] outputs = new float[t.Length], gradient = new float[problem.Parameters.Length], inputGradient = new float[x.Length];
        network.LoadParameters(Problem.Narrow(problem.Parameters));
        network.Forward(x, outputs);
        float loss = network.Backward(x, t, gradient, inputGradient);
        BoundedResult? errors = exact ? null : new BoundedNetwork(problem.Spec, problem.Parameters, []).Evaluate(problem.Inputs, problem.Targets);
        return new Results(With(outputs, errors?.Outputs), With([loss], errors?.Loss), With(gradient, errors?.Gradient), With(inputGradient, errors?.InputGradient));

        static Bounded With(float[] values, Bounded? errors) => Bounded.Of(Problem.Widen(values), errors?.Error ?? new double[values.Length]);
    }

    /// <summary>Asserts that two networks' results are one: each may be off by its own bound.</summary>
    public static void AssertSame(Results expected, Results actual, string what)
    {
        foreach ((string kind, Bounded one, Bounded other) in new[]
        {
            ("outputs", expected.Outputs, actual.Outputs), ("loss", expected.Loss, actual.Loss),
            ("gradient", expected.Gradient, actual.Gradient), ("input gradient", expected.InputGradient, actual.InputGradient),
        })
        {
            Assert.Equal(one.Value.Length, other.Value.Length);
            for (int i = 0; i < one.Value.Length; i++)
            {
                double allowed = one.Error[i] + other.Error[i];
                Assert.True(Math.Abs(one.Value[i] - other.Value[i]) <= allowed, $"{what}: {kind}[{i} of {one.Value.Length}]: {one.Value[i]:R} and {other.Value[i]:R}, allowed {allowed:G3}");
            }
        }
    }
}
