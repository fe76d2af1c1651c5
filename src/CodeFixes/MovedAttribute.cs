using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.CodeFixes;

/// <summary>Writes an attribute at another place, maybe of another file, so that its names mean there what they meant.</summary>
/// <param name="target">The model of the file that it goes to.</param>
/// <param name="position">The place in that file.</param>
internal sealed class MovedAttribute(SemanticModel target, int position)
{
    private const string Suffix = "Attribute";

    /// <summary>The attribute's text, without brackets.</summary>
    public string Text(AttributeSyntax attribute, SemanticModel source)
    {
        var changes = new List<TextChange>();
        if (source.GetSymbolInfo(attribute).Symbol?.ContainingType is { } type)
        {
            string name = NameOf(type);
            changes.Add(new TextChange(attribute.Name.Span, name.EndsWith(Suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name));
        }
        foreach (AttributeArgumentSyntax argument in attribute.ArgumentList?.Arguments ?? [])
            Collect(argument.Expression, source, changes);
        SourceText text = attribute.SyntaxTree.GetText();
        return text.WithChanges(changes).ToString(TextSpan.FromBounds(attribute.SpanStart, attribute.Span.End + changes.Sum(change => change.NewText!.Length - change.Span.Length)));
    }

    /// <summary>Types are written as the target sees them, and constants that stand alone (<c>using static</c>) with their type.</summary>
    private void Collect(SyntaxNode node, SemanticModel source, List<TextChange> changes)
    {
        ISymbol? symbol = node is NameSyntax or MemberAccessExpressionSyntax ? source.GetSymbolInfo(node).Symbol : null;
        if (symbol is INamedTypeSymbol type)
            changes.Add(new TextChange(node.Span, NameOf(type)));
        else if (symbol is IFieldSymbol { ContainingType: { } container } && node is NameSyntax)
            changes.Add(new TextChange(node.Span, $"{NameOf(container)}.{node}"));
        else if (node is MemberAccessExpressionSyntax access)
            Collect(access.Expression, source, changes);
        else
        {
            foreach (SyntaxNode child in node.ChildNodes())
                Collect(child, source, changes);
        }
    }

    private string NameOf(INamedTypeSymbol type) => type.ToMinimalDisplayString(target, position);
}
