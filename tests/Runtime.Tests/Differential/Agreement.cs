using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>Asserts that a compiled network agrees with the reference engine at every width.</summary>
internal static class Agreement
{
    /// <summary>Asserts it for one problem.</summary>
    /// <param name="compiled">The networks.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="problem">Parameters and samples.</param>
    /// <param name="origin">What a failure is repeated by.</param>
    public static void Assert(CompiledNetworks compiled, int index, Problem problem, string origin)
    {
        var expected = new Expectation(problem);
        foreach (int lanes in CompiledNetworks.Widths)
        {
            compiled.Force(lanes);
            string differences = expected.Differences(compiled.Create(index));
            if (differences.Length > 0)
                Xunit.Assert.Fail($"{origin}, {problem.Samples} samples, {lanes} lanes: {differences}\n{NetworkSource.Declare(problem.Spec, "Net")}");
        }
    }
}
