using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.CodeFixes;

/// <summary>
/// A fix that changes a few characters near the diagnostic. It edits text, not syntax: what the user wrote around the place stays
/// as it is, to the blank.
/// </summary>
public abstract class SyntaxFix : CodeFixProvider
{
    /// <summary>Applies the edits of all diagnostics of a document at once.</summary>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root
            || await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model)
        {
            return;
        }
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            SyntaxNode node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            foreach (Edit edit in EditsFor(diagnostic, node, model))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(edit.Title, cancellation => ApplyAsync(context.Document, edit.Change, cancellation), equivalenceKey: edit.Kind ?? edit.Title),
                    diagnostic);
            }
        }
    }

    /// <summary>The edits to choose from, the best first; none where the diagnostic has no simple answer.</summary>
    private protected abstract IEnumerable<Edit> EditsFor(Diagnostic diagnostic, SyntaxNode node, SemanticModel model);

    /// <summary>The attribute's argument that a diagnostic is at; null where it is at the attribute as a whole.</summary>
    private protected static AttributeArgumentSyntax? ArgumentAt(Diagnostic diagnostic, AttributeSyntax attribute) =>
        attribute.ArgumentList?.Arguments.FirstOrDefault(argument => argument.Expression.Span == diagnostic.Location.SourceSpan);

    private static async Task<Document> ApplyAsync(Document document, TextChange change, CancellationToken cancellation)
    {
        SourceText text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        return document.WithText(text.WithChanges(change));
    }

    /// <summary>One way to fix a diagnostic.</summary>
    /// <param name="Title">What the editor offers.</param>
    /// <param name="Change">The edit.</param>
    /// <param name="Kind">What fixes that are applied together have in common; the title unless it names a place.</param>
    private protected sealed record Edit(string Title, TextChange Change, string? Kind = null);
}
