using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.CodeFixes;

/// <summary>Removes a modifier that a network cannot have, where it stands on the declaration that the diagnostic is at.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ModifierFix)), Shared]
public sealed class ModifierFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(DiagnosticIds.Static, DiagnosticIds.Abstract, DiagnosticIds.FileLocal);

    private protected override IEnumerable<Edit> EditsFor(Diagnostic diagnostic, SyntaxNode node, SemanticModel model)
    {
        SyntaxKind kind = diagnostic.Id switch
        {
            DiagnosticIds.Static => SyntaxKind.StaticKeyword,
            DiagnosticIds.Abstract => SyntaxKind.AbstractKeyword,
            _ => SyntaxKind.FileKeyword,
        };
        SyntaxToken modifier = (node as TypeDeclarationSyntax)?.Modifiers.FirstOrDefault(token => token.IsKind(kind)) ?? default;
        if (modifier.IsKind(kind))
            yield return new($"Remove '{modifier.Text}'", new(TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), ""));
    }
}
