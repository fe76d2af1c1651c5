using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.CodeFixes;

/// <summary>Moves the layers of a network to the declaration that has [Network], after those that are there.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AttributesFix)), Shared]
public sealed class AttributesFix : CodeFixProvider
{
    private const string Title = "Move the layers to the declaration with [Network]";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DiagnosticIds.AttributesSpread);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => Everywhere.Instance;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (await NetworkAt(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } network)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(Title, cancellation => LayerMove.ApplyAsync(context.Document.Project, network, cancellation), equivalenceKey: Title),
                    diagnostic);
            }
        }
    }

    /// <summary>The class whose attribute a diagnostic is at, by a name that is the same before and after an edit.</summary>
    private static async Task<string?> NetworkAt(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        return root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration
            && model?.GetDeclaredSymbol(declaration, cancellation) is { } type
            ? DocumentationCommentId.CreateDeclarationId(type)
            : null;
    }

    /// <summary>
    /// One network after the other: all layers of a network go to one place, where edits that are made apart could not be merged.
    /// </summary>
    private sealed class Everywhere : FixAllProvider
    {
        public static readonly Everywhere Instance = new();

        public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

        public override Task<CodeAction?> GetFixAsync(FixAllContext context) =>
            Task.FromResult<CodeAction?>(CodeAction.Create(Title, cancellation => ApplyAsync(context.WithCancellationToken(cancellation)), equivalenceKey: Title));

        private static async Task<Solution> ApplyAsync(FixAllContext context)
        {
            Solution solution = context.Solution;
            IEnumerable<Project> projects = context.Scope == FixAllScope.Solution ? solution.Projects : [context.Project];
            foreach (Project project in projects)
            {
                var networks = new SortedSet<string>(StringComparer.Ordinal);
                foreach (Diagnostic diagnostic in await DiagnosticsOf(project, context).ConfigureAwait(false))
                {
                    if (project.GetDocument(diagnostic.Location.SourceTree) is { } document
                        && await NetworkAt(document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } network)
                    {
                        networks.Add(network);
                    }
                }
                foreach (string network in networks)
                    solution = await LayerMove.ApplyAsync(solution.GetProject(project.Id)!, network, context.CancellationToken).ConfigureAwait(false);
            }
            return solution;
        }

        private static Task<ImmutableArray<Diagnostic>> DiagnosticsOf(Project project, FixAllContext context) =>
            context is { Scope: FixAllScope.Document, Document: { } document } ? context.GetDocumentDiagnosticsAsync(document) : context.GetAllDiagnosticsAsync(project);
    }
}
