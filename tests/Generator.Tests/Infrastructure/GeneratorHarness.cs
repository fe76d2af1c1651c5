using System.Collections.Immutable;
using System.Reflection;
using Backprop.Generator;
using Backprop.Generator.Diagnostics;
using Backprop.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Generator.Tests.Infrastructure;

/// <summary>Compiles source texts as a user's project that references the runtime, the generator and its analyzer.</summary>
internal static class GeneratorHarness
{
    /// <summary>The project before generation; one file for each text.</summary>
    public static CSharpCompilation Compile(HarnessOptions options, params string[] sources) => CSharpCompilation.Create(
        "UserProject",
        sources.Select((source, i) => CSharpSyntaxTree.ParseText(source, options.ParseOptions, $"File{i}.cs")),
        References.For(options),
        options.CompilationOptions);

    /// <summary>A driver of the generator that tracks its stages.</summary>
    public static GeneratorDriver Driver(HarnessOptions options) => CSharpGeneratorDriver.Create(
        [new NetworkGenerator().AsSourceGenerator()],
        parseOptions: options.ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Generates with the strictest settings.</summary>
    public static GeneratorRun Run(params string[] sources) => Run(HarnessOptions.Strict, sources);

    /// <summary>Generates.</summary>
    public static GeneratorRun Run(HarnessOptions options, params string[] sources) => Run(Compile(options, sources), options);

    /// <summary>Generates for a project that a test put together itself.</summary>
    public static GeneratorRun Run(CSharpCompilation compilation, HarnessOptions options)
    {
        GeneratorDriver driver = Driver(options).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return new GeneratorRun(driver.GetRunResult().Results.Single(), output);
    }

    /// <summary>Generates, compiles without a warning, and loads.</summary>
    public static Assembly LoadCompiled(string source, HarnessOptions? options = null)
    {
        GeneratorRun run = Run(options ?? HarnessOptions.Strict, source);
        Assert.Empty(run.Problems);
        using var assembly = new MemoryStream();
        Assert.True(run.Output.Emit(assembly).Success);
        return Assembly.Load(assembly.ToArray());
    }
}

/// <summary>What one run of the generator gave.</summary>
/// <param name="Result">The driver's record of it.</param>
/// <param name="Output">The project with the emitted files.</param>
internal sealed record GeneratorRun(GeneratorRunResult Result, Compilation Output)
{
    /// <summary>What was parsed, in the order of the source.</summary>
    public IReadOnlyList<ParsedNetwork> Networks =>
        Result.TrackedSteps.TryGetValue(NetworkGenerator.Stages.Parse, out ImmutableArray<IncrementalGeneratorRunStep> steps)
            ? [.. steps.SelectMany(step => step.Outputs).Select(output => (ParsedNetwork)output.Value)]
            : [];

    /// <summary>The only network, which is served.</summary>
    public NetworkModel Network => Networks.Single().Served ?? throw new InvalidOperationException("The network was refused.");

    /// <summary>The compiler's errors and warnings, emitted files included.</summary>
    public IReadOnlyList<Diagnostic> CompilerDiagnostics => [.. All.Where(found => !IsOurs(found) && found.Severity >= DiagnosticSeverity.Warning)];

    /// <summary>The analyzer's diagnostics, suggestions included, in the order of the source; an exception in it is one (AD0001).</summary>
    public IReadOnlyList<Diagnostic> Diagnostics =>
    [
        .. All.Where(IsOurs).OrderBy(found => found.Location.SourceTree?.FilePath).ThenBy(found => found.Location.SourceSpan.Start).ThenBy(found => found.Id),
    ];

    /// <summary>
    /// What the user would see in the list of errors and warnings, the generator's own failure (CS8785) included.
    /// </summary>
    public IReadOnlyList<Diagnostic> Problems =>
        [.. Result.Diagnostics, .. CompilerDiagnostics, .. Diagnostics.Where(found => found.Severity >= DiagnosticSeverity.Warning)];

    /// <summary>Both at once: to bind the emitted kernels takes most of the tests' time, and each pass of its own binds them anew.</summary>
    private ImmutableArray<Diagnostic> All => _all ??= Output.WithAnalyzers([new NetworkAnalyzer()]).GetAllDiagnosticsAsync().GetAwaiter().GetResult();

    private ImmutableArray<Diagnostic>? _all;

    private static bool IsOurs(Diagnostic found) => found.Id.StartsWith("BP", StringComparison.Ordinal) || found.Id == "AD0001";

    /// <summary>An emitted file.</summary>
    public string File(string hintName) => Result.GeneratedSources.Single(file => file.HintName == hintName).SourceText.ToString();
}
