using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.CodeFixes;

/// <summary>Trains a network whose outputs are probabilities, by softmax, with the loss that is made for them.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CrossEntropyFix)), Shared]
public sealed class CrossEntropyFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DiagnosticIds.RegressionOutput);

    private protected override IEnumerable<Edit> EditsFor(Diagnostic diagnostic, SyntaxNode node, SemanticModel model)
    {
        if (!diagnostic.Properties.ContainsKey(DiagnosticIds.Probabilities)
            || node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.AttributeLists.SelectMany(list => list.Attributes).FirstOrDefault(IsNetwork) is not { ArgumentList: { } arguments })
        {
            yield break;
        }
        string value = RuntimeNames.ValueOf("Loss", "CrossEntropy", model, arguments.SpanStart);
        yield return new("Train with Loss.CrossEntropy", arguments.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == "Loss") is { } written
            ? new(written.Expression.Span, value)
            : new(new TextSpan(arguments.Arguments.Span.End, 0), $", Loss = {value}"));

        bool IsNetwork(AttributeSyntax attribute) =>
            model.GetSymbolInfo(attribute).Symbol?.ContainingType.ToDisplayString() == "Backprop.NetworkAttribute";
    }
}
