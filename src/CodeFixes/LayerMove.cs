using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.CodeFixes;

/// <summary>Takes the [Dense] attributes of one network from wherever they stand, and puts them with its [Network].</summary>
internal static class LayerMove
{
    /// <summary>The solution with the attributes together; unchanged where there is nothing to move.</summary>
    public static async Task<Solution> ApplyAsync(Project project, string network, CancellationToken cancellation)
    {
        Solution solution = project.Solution;
        if (await project.GetCompilationAsync(cancellation).ConfigureAwait(false) is not { } compilation
            || DocumentationCommentId.GetFirstSymbolForDeclarationId(network, compilation) is not INamedTypeSymbol type
            || Written(type, "NetworkAttribute", cancellation).FirstOrDefault()?.Parent?.Parent is not TypeDeclarationSyntax target)
        {
            return solution;
        }
        AttributeSyntax[] strays = [.. Written(type, "DenseAttribute", cancellation).Where(layer => layer.Parent?.Parent != target)];
        if (strays.Length == 0)
            return solution;

        SourceText text = await target.SyntaxTree.GetTextAsync(cancellation).ConfigureAwait(false);
        string separator = Separator(target.AttributeLists.Last(), text);
        var moved = new MovedAttribute(compilation.GetSemanticModel(target.SyntaxTree), target.SpanStart);
        IEnumerable<string> lists = strays.Select(stray => $"{separator}[{moved.Text(stray, compilation.GetSemanticModel(stray.SyntaxTree))}]");
        var insertion = (Tree: target.SyntaxTree, Change: new TextChange(new TextSpan(target.AttributeLists.Last().Span.End, 0), string.Concat(lists)));
        IEnumerable<(SyntaxTree Tree, TextChange Change)> removals = strays
            .GroupBy(stray => (AttributeListSyntax)stray.Parent!)
            .Select(list => (list.Key.SyntaxTree, Removal(list.Key, [.. list])));
        foreach (IGrouping<SyntaxTree, (SyntaxTree, TextChange Change)> file in removals.Append(insertion).GroupBy(edit => edit.Tree))
        {
            if (solution.GetDocumentId(file.Key) is { } document)
                solution = solution.WithDocumentText(document, (await file.Key.GetTextAsync(cancellation).ConfigureAwait(false)).WithChanges(file.Select(edit => edit.Change).OrderBy(change => change.Span.Start)));
        }
        return solution;
    }

    /// <summary>In the order in which the generator reads them.</summary>
    private static IEnumerable<AttributeSyntax> Written(INamedTypeSymbol type, string name, CancellationToken cancellation) =>
        from attribute in type.GetAttributes()
        where attribute.AttributeClass?.ToDisplayString() == $"Backprop.{name}"
        let syntax = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax
        where syntax is not null
        orderby syntax.SyntaxTree.FilePath, syntax.SpanStart
        select syntax;

    /// <summary>What goes before an attribute list after the last one: a line's end and the indentation, if the last has a line of its own.</summary>
    private static string Separator(AttributeListSyntax last, SourceText text)
    {
        TextLine line = text.Lines.GetLineFromPosition(last.Span.End);
        bool endsLine = string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(last.Span.End, line.End)));
        if (!endsLine)
            return " ";
        TextLine first = text.Lines.GetLineFromPosition(last.SpanStart);
        string start = text.ToString(first.Span);
        return text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak)) + start.Substring(0, start.Length - start.TrimStart().Length);
    }

    /// <summary>Some attributes of a list, or the list with the rest of its line where nothing remains.</summary>
    private static TextChange Removal(AttributeListSyntax list, IReadOnlyCollection<AttributeSyntax> removed)
    {
        AttributeSyntax[] others = [.. list.Attributes.Except(removed)];
        if (others.Length > 0)
            return new TextChange(list.Attributes.Span, string.Join(", ", others.Select(other => other.ToString())));

        SourceText text = list.SyntaxTree.GetText();
        TextLine line = text.Lines.GetLineFromPosition(list.SpanStart);
        int end = list.Span.End;
        while (end < text.Length && text[end] is ' ' or '\t')
            end++;
        bool ownLine = string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(line.Start, list.SpanStart))) && end == text.Lines.GetLineFromPosition(end).End;
        return new TextChange(ownLine ? TextSpan.FromBounds(line.Start, text.Lines.GetLineFromPosition(end).EndIncludingLineBreak) : TextSpan.FromBounds(list.SpanStart, end), "");
    }
}
