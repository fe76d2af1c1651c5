using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.CodeFixes;

/// <summary>Gives the last layer the activation that the network's loss asks for.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ActivationFix)), Shared]
public sealed class ActivationFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(
        DiagnosticIds.CrossEntropyNeedsSoftmax, DiagnosticIds.BinaryCrossEntropyNeedsSigmoid, DiagnosticIds.RegressionOutput);

    private protected override IEnumerable<Edit> EditsFor(Diagnostic diagnostic, SyntaxNode node, SemanticModel model)
    {
        string? activation = diagnostic.Id switch
        {
            DiagnosticIds.CrossEntropyNeedsSoftmax => "Softmax",
            DiagnosticIds.BinaryCrossEntropyNeedsSigmoid => "Sigmoid",
            _ => diagnostic.Properties.TryGetValue(DiagnosticIds.Replacement, out string? suited) ? suited : null,
        };
        if (activation is null || node.FirstAncestorOrSelf<AttributeSyntax>() is not { } layer)
            yield break;
        string value = RuntimeNames.ValueOf("Activation", activation, model, layer.SpanStart);
        if (ArgumentAt(diagnostic, layer) is { } written)
            yield return new($"Use Activation.{activation}", new(written.Expression.Span, value));
        else if (layer.ArgumentList?.Arguments.LastOrDefault(argument => argument.NameEquals is null) is { } units)
            yield return new($"Use Activation.{activation}", new(new TextSpan(units.Span.End, 0), $", {value}"));
    }
}
