using System.Collections.Immutable;
using Backprop.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Backprop.Generator.Diagnostics;

/// <summary>
/// Reports what the generator's parser finds wrong. An analyzer does so and not the generator, because diagnostics carry
/// locations, which would spoil the generator's caching, and because only an analyzer's can be suppressed in source.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(
        Descriptors.InputsPositive, Descriptors.HasLayers, Descriptors.UnitsPositive, Descriptors.SizesBounded, Descriptors.BatchSizeInRange,
        Descriptors.KnownValues, Descriptors.SoftmaxLast, Descriptors.CrossEntropyNeedsSoftmax, Descriptors.BinaryCrossEntropyNeedsSigmoid,
        Descriptors.NotPartial, Descriptors.ContainingTypeNotPartial, Descriptors.Generic, Descriptors.Static, Descriptors.Abstract,
        Descriptors.NotAClass, Descriptors.FileLocal, Descriptors.AttributesSpread, Descriptors.DenseWithoutNetwork, Descriptors.MemberClash,
        Descriptors.ConstructorUnchained, Descriptors.BaseConstructor, Descriptors.RequiredMember, Descriptors.NetworkBase,
        Descriptors.LanguageVersion, Descriptors.Platform, Descriptors.RuntimeAliased, Descriptors.GeneratedArgument, Descriptors.WordTaken,
        Descriptors.RegressionOutput, Descriptors.Saturation, Descriptors.CacheExceeded, Descriptors.UnrollBeyondBudget);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        // A network that another tool wrote is generated all the same, so what is wrong with it is reported too.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        ParseResult result = NetworkParser.Parse(type, context.Compilation, context.CancellationToken);
        foreach (Diagnostic diagnostic in result.Diagnostics)
            context.ReportDiagnostic(diagnostic);

        if (result.Network?.Served is { } served)
            Suggest(served.Spec, type.Name, result.Attributes!, context);

        // Sound here, where emitted code is seen, but refused by the generator, which does not see it.
        if (result.Network?.Served is not null && type.DeclaringSyntaxReferences.Any(part => GeneratedTrees.IsStub(part.SyntaxTree)))
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.GeneratedArgument, result.Declaration!.Identifier.GetLocation(), type.Name));
    }
    private static void Suggest(NetworkSpec spec, string network, NetworkAttributes attributes, SymbolAnalysisContext context)
    {
        foreach (Suggestion suggestion in Suggestions.For(spec))
        {
            WrittenAttribute attribute = suggestion.Layer < 0 ? attributes.Network! : attributes.Layers[suggestion.Layer];
            Location location = new AttributeArguments(attribute).LocationOf(suggestion.Argument);
            string subject = suggestion.Layer < 0 ? network : $"{network}, layer {suggestion.Layer + 1}";
            context.ReportDiagnostic(Diagnostic.Create(suggestion.Descriptor, location, suggestion.Properties, network, subject, suggestion.Text));
        }
    }
}
