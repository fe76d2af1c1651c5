using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Generator.Parsing;

/// <summary>An attribute and where it is written.</summary>
/// <param name="Data">Its values.</param>
/// <param name="Syntax">Its source.</param>
internal sealed record WrittenAttribute(AttributeData Data, AttributeSyntax Syntax)
{
    /// <summary>The declaration that it stands on, where that is a type with members.</summary>
    public TypeDeclarationSyntax? Declaration => Syntax.Parent?.Parent as TypeDeclarationSyntax;
}

/// <summary>The attributes of one type that specify a network.</summary>
/// <param name="Network">[Network], if any; the first where there are several, which is the compiler's error.</param>
/// <param name="Layers">Every [Dense] in source order, by file where they are spread over several.</param>
internal sealed record NetworkAttributes(WrittenAttribute? Network, IReadOnlyList<WrittenAttribute> Layers)
{
    /// <summary>The metadata name of [Network].</summary>
    public const string NetworkName = "Backprop.NetworkAttribute";

    /// <summary>Whether a type is a network, its own attributes not looked into.</summary>
    public static bool IsNetwork(INamedTypeSymbol type) => type.GetAttributes().Any(attribute => Is(attribute, "NetworkAttribute"));

    /// <summary>Reads the attributes of a type.</summary>
    public static NetworkAttributes Of(INamedTypeSymbol type, CancellationToken cancellation) =>
        new(Written(type, "NetworkAttribute", cancellation).FirstOrDefault(), [.. Written(type, "DenseAttribute", cancellation)]);

    private static IEnumerable<WrittenAttribute> Written(INamedTypeSymbol type, string name, CancellationToken cancellation) =>
        from attribute in type.GetAttributes()
        where Is(attribute, name)
        let syntax = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax
        where syntax is not null
        orderby syntax.SyntaxTree.FilePath, syntax.SpanStart
        select new WrittenAttribute(attribute, syntax);

    private static bool Is(AttributeData attribute, string name) =>
        attribute.AttributeClass is { ContainingType: null, ContainingNamespace: { Name: nameof(Backprop), ContainingNamespace.IsGlobalNamespace: true } } type
        && type.MetadataName == name;
}
