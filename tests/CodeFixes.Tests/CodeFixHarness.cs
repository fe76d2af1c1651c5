using System.Collections.Immutable;
using Backprop.CodeFixes;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeFixes.Tests;

/// <summary>A project in a workspace as an editor has it, in which fixes are offered and applied.</summary>
internal sealed class CodeFixHarness
{
    /// <summary>Every provider of the assembly, by which the tests see one that was forgotten.</summary>
    public static readonly ImmutableArray<CodeFixProvider> Providers =
    [
        .. typeof(SyntaxFix).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract).OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    private readonly Project _project;

    private CodeFixHarness(Project project) => _project = project;

    /// <summary>A project of the strictest settings; one file for each text.</summary>
    public static CodeFixHarness Open(params string[] sources)
    {
        HarnessOptions options = HarnessOptions.Strict;
        var id = ProjectId.CreateNewId();
        Solution solution = new AdhocWorkspace().CurrentSolution.AddProject(ProjectInfo.Create(
            id, VersionStamp.Create(), "UserProject", "UserProject", LanguageNames.CSharp,
            compilationOptions: options.CompilationOptions, parseOptions: options.ParseOptions, metadataReferences: References.For(options)));
        for (int i = 0; i < sources.Length; i++)
            solution = solution.AddDocument(DocumentId.CreateNewId(id), $"File{i}.cs", sources[i], filePath: $"File{i}.cs");
        return new CodeFixHarness(solution.GetProject(id)!);
    }

    /// <summary>The files.</summary>
    public IReadOnlyList<string> Texts => [.. _project.Documents.Select(document => document.GetTextAsync().Result.ToString())];

    /// <summary>What is reported: by the compiler where it is a problem, by the analyzer whatever it is.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics
    {
        get
        {
            GeneratorRun run = GeneratorHarness.Run((CSharpCompilation)_project.GetCompilationAsync().Result!, HarnessOptions.Strict);
            return [.. run.Result.Diagnostics, .. run.CompilerDiagnostics, .. run.Diagnostics];
        }
    }

    /// <summary>The fixes of a diagnostic.</summary>
    public IReadOnlyList<CodeAction> FixesOf(Diagnostic diagnostic) => [.. Offers(diagnostic).Select(offer => offer.Action)];

    /// <summary>The project after a fix.</summary>
    public CodeFixHarness Apply(CodeAction action)
    {
        CodeActionOperation operation = Assert.Single(action.GetOperationsAsync(CancellationToken.None).Result);
        return new CodeFixHarness(Assert.IsType<ApplyChangesOperation>(operation).ChangedSolution.GetProject(_project.Id)!);
    }

    /// <summary>The project after the fix of a title was applied to everything that it fits.</summary>
    public CodeFixHarness ApplyToAll(string title, FixAllScope scope)
    {
        ImmutableArray<Diagnostic> diagnostics = [.. Diagnostics];
        (CodeFixProvider provider, CodeAction action) = diagnostics.SelectMany(Offers).First(offer => offer.Action.Title == title);
        FixAllProvider all = provider.GetFixAllProvider()!;
        Assert.Contains(scope, all.GetSupportedFixAllScopes());
        var context = new FixAllContext(
            _project.Documents.First(), provider, scope, action.EquivalenceKey!, provider.FixableDiagnosticIds, new Found(diagnostics), CancellationToken.None);
        return Apply(all.GetFixAsync(context).Result!);
    }

    private IEnumerable<(CodeFixProvider Provider, CodeAction Action)> Offers(Diagnostic diagnostic)
    {
        var offers = new List<(CodeFixProvider, CodeAction)>();
        foreach (CodeFixProvider provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            var context = new CodeFixContext(_project.GetDocument(diagnostic.Location.SourceTree)!, diagnostic, (action, _) => offers.Add((provider, action)), CancellationToken.None);
            provider.RegisterCodeFixesAsync(context).Wait();
        }
        return offers;
    }

    private sealed class Found(ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellation) => Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellation) =>
            Task.FromResult(diagnostics.Where(diagnostic => diagnostic.Location.SourceTree?.FilePath == document.FilePath));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellation) => Task.FromResult(Enumerable.Empty<Diagnostic>());
    }
}
