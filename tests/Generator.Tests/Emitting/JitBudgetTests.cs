using System.Collections.Immutable;
using Backprop;
using Generator.Tests.Infrastructure;
using Generator.Tests.Planning;
using Runtime.Tests.Differential;
using Xunit.Abstractions;

namespace Generator.Tests.Emitting;

/// <summary>
/// The methods that come out of the compiler stay within what RyuJIT optimises. Beyond its limits (src/coreclr/jit/compiler.h,
/// DEFAULT_MIN_OPTS_*) it silently compiles without optimisation, AggressiveOptimization or not.
/// </summary>
public class JitBudgetTests(ITestOutputHelper output)
{
    private const int MaxBytes = 60_000;
    private const int MaxInstructions = 20_000;
    private const int MaxBlocks = 2_000;
    private const int MaxVariables = 2_000;
    private const int MaxAccesses = 8_000;

    /// <summary>
    /// The most arguments and locals that emitted code has itself: the JIT tracks 1,024, and what is inlined brings its own.
    /// </summary>
    private const int OwnVariables = 400;

    public static TheoryData<string> Names => Specs.Names;

    [Theory, MemberData(nameof(Names))]
    public void Methods_are_within_the_limits(string name) => Check([Specs.Named[name]]);

    [Fact]
    public void Methods_of_networks_drawn_at_random_are_within_the_limits() => Check(RandomSpecs.Draw(seed: 2, count: 12));

    private void Check(IReadOnlyList<NetworkSpec> specs)
    {
        string source = "using Backprop;\n" + string.Concat(specs.Select((spec, i) => NetworkSource.Declare(spec, $"Net{i}")));
        GeneratorRun run = GeneratorHarness.Run(source);
        using var assembly = new MemoryStream();
        Assert.True(run.Output.Emit(assembly).Success);
        IReadOnlyList<MethodSize> methods = MethodBodies.Measure(ImmutableArray.Create(assembly.ToArray()));
        Assert.Contains(methods, method => method.Name.StartsWith("Vector512Kernels."));
        output.WriteLine($"{methods.Count} methods; the largest: {methods.MaxBy(m => m.Bytes)}; most variables: {methods.MaxBy(m => m.Variables)}");
        foreach (MethodSize method in methods)
        {
            Assert.True(method is { Bytes: < MaxBytes, Instructions: < MaxInstructions, Blocks: < MaxBlocks, Variables: < MaxVariables, Accesses: < MaxAccesses },
                $"{method} exceeds what the JIT optimises.");
            Assert.True(method.Variables <= OwnVariables, $"{method} has more than {OwnVariables} variables of its own.");
        }
    }
}
