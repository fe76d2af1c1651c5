using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Generator.Tests.Mutations;

/// <summary>
/// What has to hold for any source text: nothing throws; what is emitted adds no error and no warning to those that the text
/// has by itself; and a network that is not served is told why.
/// </summary>
/// <param name="Served">Whether there is a network that is served.</param>
/// <param name="Wrong">What does not hold.</param>
internal sealed record Verdict(bool Served, IReadOnlyList<string> Wrong)
{
    private const string Stub = ".Refused.g.cs";

    // All sources share the references' symbols.
    private static readonly CSharpCompilation s_empty = GeneratorHarness.Compile(HarnessOptions.Strict);

    /// <summary>Judges a project of some files.</summary>
    public static Verdict Of(params string[] sources)
    {
        CSharpCompilation input = s_empty.AddSyntaxTrees(sources.Select((source, i) => CSharpSyntaxTree.ParseText(source, HarnessOptions.Strict.ParseOptions, $"File{i}.cs")));
        GeneratorRun run = GeneratorHarness.Run(input, HarnessOptions.Strict);
        if (run.Result.Exception is { } exception)
            return new Verdict(false, [$"the generator throws {exception}"]);

        var wrong = new List<string>();
        wrong.AddRange(run.Result.Diagnostics.Concat(run.Diagnostics.Where(found => found.Id == "AD0001")).Select(found => found.ToString()));

        Diagnostic[] own = [.. input.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning)];
        HashSet<(string, string?, TextSpan)> known = [.. own.Select(KeyOf)];
        bool sound = own.All(found => found.Severity < DiagnosticSeverity.Error);
        wrong.AddRange(run.CompilerDiagnostics.Where(found => !known.Contains(KeyOf(found)) && !IsTheUsers(found)).Select(found => $"the text alone has no {found}"));

        bool served = false;
        foreach (INamedTypeSymbol network in Networks(run.Output.Assembly.GlobalNamespace))
        {
            // The files of a network inside of this one declare this one too.
            string[] emitted = [.. FilesOf(network).Except(Networks(network).SelectMany(FilesOf)).Where(path => path.EndsWith(".g.cs", StringComparison.Ordinal))];
            bool isServed = emitted.Length == 5 && !emitted.Any(path => path.EndsWith(Stub, StringComparison.Ordinal));
            bool isRefused = emitted.Length == 0 || (emitted.Length == 1 && emitted[0].EndsWith(Stub, StringComparison.Ordinal));
            if (isServed == isRefused)
                wrong.Add($"{network} has the files {string.Join(", ", emitted)}");
            IEnumerable<Diagnostic> errors = run.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error);
            if (isServed && errors.FirstOrDefault(found => IsIn(found, network) && !network.GetTypeMembers().Any(member => IsIn(found, member))) is { } told)
                wrong.Add($"{network} is served, and yet {told}");
            // An argument that is no number is the compiler's to report; else the reason has one of our ids, here or at a type around it.
            if (!isServed && sound && !errors.Any(found => IsIn(found, Outermost(network))))
                wrong.Add($"{network} is not served, and nothing says why");
            served |= isServed;
        }
        return new Verdict(served, wrong);

        // A class that takes the name of a type or namespace of the platform is warned of wherever it is named, so in what is emitted
        // too. A field of the user's that nothing sets and that is not to be null is warned of by the same words at the end of the emitted
        // constructor; the text alone has them unless something else is wrong there. And of fields that are not used the compiler speaks
        // only where nothing else is wrong, as a constructor that chains to an emitted one is in the text alone. Where the text names a
        // member that is emitted, the text alone is in error (CS0117), and with the member the same expression may be, by other words.
        bool IsTheUsers(Diagnostic found) => found.Id is "CS0436" or "CS0437"
            || (found.Id == "CS8618" && (sound ? own.Any(alone => alone.Id == found.Id && alone.GetMessage() == found.GetMessage()) : IsWritten(found.GetMessage().Split('\'')[1])))
            || (IsInText(found) && (found.Severity < DiagnosticSeverity.Error
                ? !sound
                : own.Any(alone => alone.Id == "CS0117" && alone.Location.SourceTree == found.Location.SourceTree && found.Location.SourceSpan.Contains(alone.Location.SourceSpan))));

        bool IsInText(Diagnostic found) => found.Location.SourceTree is { } tree && input.ContainsSyntaxTree(tree);

        bool IsWritten(string name) => input.SyntaxTrees.Any(tree => tree.GetRoot().DescendantTokens().Any(token => token.ValueText == name));
    }

    private static (string, string?, TextSpan) KeyOf(Diagnostic found) => (found.Id, found.Location.SourceTree?.FilePath, found.Location.SourceSpan);

    private static IEnumerable<string> FilesOf(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Select(part => part.SyntaxTree.FilePath);

    private static bool IsIn(Diagnostic found, INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Any(part => part.SyntaxTree == found.Location.SourceTree && part.Span.Contains(found.Location.SourceSpan));

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type) => type.ContainingType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<INamedTypeSymbol> Networks(INamespaceOrTypeSymbol container) =>
        container.GetMembers().OfType<INamespaceOrTypeSymbol>().SelectMany(member =>
            member is INamedTypeSymbol type && type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == "Backprop.NetworkAttribute")
                ? Networks(member).Prepend(type)
                : Networks(member));
}
