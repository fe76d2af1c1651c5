using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>Compares a compiled network with the reference engine at every width.</summary>
internal static class Agreement
{
    /// <summary>Asserts that it agrees for one problem.</summary>
    /// <param name="compiled">The networks.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="problem">Parameters and samples.</param>
    /// <param name="origin">What a failure is repeated by.</param>
    public static void Assert(CompiledNetworks compiled, int index, Problem problem, string origin)
    {
        if (Difference(compiled, index, new Expectation(problem)) is { } difference)
            Xunit.Assert.Fail($"{origin}, {problem.Samples} samples, {difference}\n{NetworkSource.Declare(problem.Spec, "Net")}");
    }

    /// <summary>What differs, with its width, or null.</summary>
    public static string? Difference(CompiledNetworks compiled, int index, Expectation expected)
    {
        foreach (int lanes in CompiledNetworks.Widths)
        {
            compiled.Force(lanes);
            string differences = expected.Differences(compiled.Create(index));
            if (differences.Length > 0)
                return $"{lanes} lanes: {differences}";
        }
        return null;
    }
}
