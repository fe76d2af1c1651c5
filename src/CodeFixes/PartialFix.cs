using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.CodeFixes;

/// <summary>Declares a network, or a type around it, partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PartialFix)), Shared]
public sealed class PartialFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(DiagnosticIds.NotPartial, DiagnosticIds.ContainingTypeNotPartial);

    // C# wants it right before the keyword of the kind, whatever other modifiers there are.
    private protected override IEnumerable<Edit> EditsFor(Diagnostic diagnostic, SyntaxNode node, SemanticModel model)
    {
        if (node is TypeDeclarationSyntax type)
            yield return new($"Declare '{type.Identifier.ValueText}' partial", new(new TextSpan(type.Keyword.SpanStart, 0), "partial "), Kind: nameof(PartialFix));
    }
}
