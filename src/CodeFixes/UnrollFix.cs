using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.CodeFixes;

/// <summary>Leaves it to the planner what is written out.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnrollFix)), Shared]
public sealed class UnrollFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DiagnosticIds.UnrollBeyondBudget);

    private protected override IEnumerable<Edit> EditsFor(Diagnostic diagnostic, SyntaxNode node, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<AttributeSyntax>() is not { ArgumentList.Arguments: var arguments } network || ArgumentAt(diagnostic, network) is not { } written)
            yield break;
        // With the comma before it: the number of inputs comes before all named arguments.
        int i = arguments.IndexOf(written);
        if (i > 0)
            yield return new("Remove Unroll", new(TextSpan.FromBounds(arguments[i - 1].Span.End, written.Span.End), ""));
    }
}
