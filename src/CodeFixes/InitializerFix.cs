using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.CodeFixes;

/// <summary>Begins a layer with the distribution that suits its activation.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InitializerFix)), Shared]
public sealed class InitializerFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DiagnosticIds.Saturation);

    private protected override IEnumerable<Edit> EditsFor(Diagnostic diagnostic, SyntaxNode node, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<AttributeSyntax>() is { } layer
            && ArgumentAt(diagnostic, layer) is { } written
            && diagnostic.Properties.TryGetValue(DiagnosticIds.Replacement, out string? suited))
        {
            yield return new($"Use Initializer.{suited}", new(written.Expression.Span, RuntimeNames.ValueOf("Initializer", suited!, model, layer.SpanStart)));
        }
    }
}
