extern alias Generator;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using Backprop;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Runtime.Tests.Differential;

/// <summary>
/// Networks generated, compiled and loaded at run time, all in one compilation. The emitted choice of vectors is replaced by
/// one that the test makes, so that the kernels of every width that the processor has run in one process.
/// </summary>
internal sealed partial class CompiledNetworks
{
    private const string Switch = "public static class ForcedWidth { public static int Lanes = 16; }";

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp12);

    private static readonly Lazy<ImmutableArray<MetadataReference>> s_references = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Append(typeof(NetworkSpec).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private readonly Assembly _assembly;
    private readonly FieldInfo _lanes;

    private CompiledNetworks(Assembly assembly, IReadOnlyList<NetworkSpec> specs)
    {
        _assembly = assembly;
        _lanes = assembly.GetType("ForcedWidth", throwOnError: true)!.GetField("Lanes")!;
        Specs = specs;
        Force(16);
    }

    /// <summary>The lanes of the kernels that this process can run: those of the vectors it accelerates, and 1.</summary>
    public static IReadOnlyList<int> Widths { get; } =
    [
        .. Vector512.IsHardwareAccelerated ? [16] : ReadOnlySpan<int>.Empty,
        .. Vector256.IsHardwareAccelerated ? [8] : ReadOnlySpan<int>.Empty,
        .. Vector128.IsHardwareAccelerated ? [4] : ReadOnlySpan<int>.Empty,
        1,
    ];

    /// <summary>The specifications.</summary>
    public IReadOnlyList<NetworkSpec> Specs { get; }

    /// <summary>From now on every network runs the kernels of vectors of at most so many lanes.</summary>
    public void Force(int lanes) => _lanes.SetValue(null, Math.Min(lanes, Widths[0]));

    /// <summary>The network of a specification.</summary>
    public GeneratedNetwork Create(int index, int seed = 0) => GeneratedNetwork.Create(_assembly.GetType($"Net{index}", throwOnError: true)!, seed);

    /// <summary>Generates, compiles and loads.</summary>
    public static CompiledNetworks Compile(IReadOnlyList<NetworkSpec> specs)
    {
        string source = "using Backprop;\n" + string.Concat(specs.Select((spec, i) => NetworkSource.Declare(spec, $"Net{i}")));
        SyntaxTree[] own = [CSharpSyntaxTree.ParseText(source, s_parse), CSharpSyntaxTree.ParseText(Switch, s_parse)];
        CSharpCompilation compilation = CSharpCompilation.Create(
            $"Networks{Guid.NewGuid():N}", own, s_references.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        GeneratorRunResult run = CSharpGeneratorDriver.Create([new Generator::Backprop.Generator.NetworkGenerator().AsSourceGenerator()], parseOptions: s_parse)
            .RunGenerators(compilation).GetRunResult().Results.Single();
        Assert.Null(run.Exception);

        int replaced = 0;
        (string Name, string Text)[] generated =
        [
            .. run.GeneratedSources.Select(file => (file.HintName, Choice().Replace(file.SourceText.ToString(), choice =>
            {
                replaced++;
                return $"(global::ForcedWidth.Lanes >= {int.Parse(choice.Groups["bits"].Value) / 32})";
            }))),
        ];
        Assert.True(replaced >= 3 * specs.Count, "The emitted choice of vectors was not found: no width can be forced.");

        byte[] assembly = AssemblyCache.GetOrAdd([source, Switch, .. generated.Select(file => file.Text)], () =>
        {
            using var bytes = new MemoryStream();
            var emitted = compilation.AddSyntaxTrees(generated.Select(file => CSharpSyntaxTree.ParseText(file.Text, s_parse, file.Name))).Emit(bytes);
            Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Take(10)));
            return bytes.ToArray();
        });
        return new CompiledNetworks(Assembly.Load(assembly), specs);
    }

    [GeneratedRegex(@"[\w:.]*Vector(?<bits>\d+)\.IsHardwareAccelerated")]
    private static partial Regex Choice();
}
