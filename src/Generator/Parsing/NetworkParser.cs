using System.Collections.Immutable;
using Backprop.Generator.Diagnostics;
using Backprop.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Generator.Parsing;

/// <summary>What parsing one type gives: the network for the generator, the diagnostics for the analyzer.</summary>
/// <param name="Network">The network; null where the type is none, or cannot be added to.</param>
/// <param name="Declaration">The declaration that bears [Network], if any.</param>
/// <param name="Attributes">The attributes that were read; null where there are none to speak of.</param>
/// <param name="Diagnostics">What is wrong.</param>
internal sealed record ParseResult(
    ParsedNetwork? Network, TypeDeclarationSyntax? Declaration, NetworkAttributes? Attributes, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>Reads a network from its class. The generator and the analyzer both call it, and come to the same result.</summary>
internal static class NetworkParser
{
    private static readonly ParseResult s_nothing = new(null, null, null, ImmutableArray<Diagnostic>.Empty);

    /// <summary>Parses one type; it may hold anything that a user can type, errors of the compiler's included.</summary>
    /// <param name="type">The type.</param>
    /// <param name="compilation">The compilation that it is declared in.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static ParseResult Parse(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        NetworkAttributes attributes = NetworkAttributes.Of(type, cancellation);
        var findings = new Findings(type.Name);
        if (attributes.Network is not { } network)
        {
            if (attributes.Layers.Count == 0)
                return s_nothing;
            findings.Add(Descriptors.DenseWithoutNetwork, attributes.Layers[0].Syntax.GetLocation());
            return new ParseResult(null, null, attributes, findings.Diagnostics);
        }
        if (network.Declaration is not { } declaration || TypeNames.PathOf(type).Any(IsMalformed))
            return s_nothing;

        ShapeRules.Check(type, declaration, findings, cancellation);
        ProjectRules.Check(type, network, declaration, compilation, findings);
        MemberRules.Check(type, declaration, compilation, findings, cancellation);
        bool extensible = findings.None;

        foreach (WrittenAttribute stray in attributes.Layers.Where(layer => layer.Declaration != declaration))
            findings.Add(Descriptors.AttributesSpread, stray.Syntax.GetLocation());
        NetworkSpec? spec = SpecificationParser.Parse(type.Name, network, attributes.Layers, findings);
        ParsedNetwork? parsed = !extensible ? null : findings.None && spec is not null ? Serve(type, spec, compilation) : Refuse(type);
        return new ParseResult(parsed, declaration, attributes, findings.Diagnostics);
    }

    /// <summary>
    /// Whether the compiler refuses a type, or a namespace, so that nothing added to it could compile: a name not typed yet, a
    /// nested type of the same name, a class of a namespace that is private or protected, another declaration of the same name.
    /// </summary>
    private static bool IsMalformed(INamespaceOrTypeSymbol part) =>
        part.Name.Length == 0
        || part is INamedTypeSymbol type
            && (type.GetTypeMembers(type.Name).Length > 0
                || type is { ContainingType: null, DeclaredAccessibility: not (Accessibility.Public or Accessibility.Internal) }
                || type.ContainingSymbol is INamespaceOrTypeSymbol container && container.GetMembers(type.Name).Count(other => !IsOverload(other, type)) > 1);

    // Types of one name may differ in the number of their type parameters, and file-local ones in their files.
    private static bool IsOverload(ISymbol other, INamedTypeSymbol type) => other is INamedTypeSymbol overload && (overload.Arity != type.Arity || overload.IsFileLocal);

    private static ParsedNetwork Serve(INamedTypeSymbol type, NetworkSpec spec, Compilation compilation) => new(
        new NetworkModel(TypeNames.NamespaceOf(type), ContainingTypesOf(type), TypeNames.Redeclare(type), TypeNames.HintNameOf(type), spec, ProjectRules.FeaturesOf(compilation)),
        null);

    private static ParsedNetwork Refuse(INamedTypeSymbol type) => new(
        null,
        new RefusedNetwork(TypeNames.NamespaceOf(type), ContainingTypesOf(type), TypeNames.Redeclare(type), TypeNames.HintNameOf(type)));

    private static EquatableArray<TypeDeclaration> ContainingTypesOf(INamedTypeSymbol type) => new([.. TypeNames.ContainingTypesOf(type).Select(TypeNames.Redeclare)]);
}
