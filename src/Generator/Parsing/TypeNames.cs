using System.Globalization;
using Backprop.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Generator.Parsing;

/// <summary>The names under which a class is declared again in emitted files, and those of the files.</summary>
internal static class TypeNames
{
    /// <summary>A name as an identifier in source, whatever keywords the compiler knows.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    /// <summary>The namespace of a type as source; empty for the global one.</summary>
    public static string NamespaceOf(INamedTypeSymbol type) =>
        string.Join(".", NamespacesOf(type).Select(@namespace => Escape(@namespace.Name)));

    /// <summary>The types around a type, outermost first.</summary>
    public static IReadOnlyList<INamedTypeSymbol> ContainingTypesOf(INamedTypeSymbol type)
    {
        var types = new List<INamedTypeSymbol>();
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
            types.Insert(0, outer);
        return types;
    }

    /// <summary>How a partial type is declared once more.</summary>
    public static TypeDeclaration Redeclare(INamedTypeSymbol type)
    {
        // The compiler warns of lower-case names wherever they are declared without @ (CS8981); the user has been warned already.
        string name = type.Name.All(c => c is >= 'a' and <= 'z') ? "@" + type.Name : Escape(type.Name);
        return new TypeDeclaration($"partial {KeywordsOf(type)}", name);
    }

    /// <summary>The keywords of a type's kind: <c>class</c>, <c>record struct</c>, ….</summary>
    public static string KeywordsOf(INamedTypeSymbol type) => (type.TypeKind, type.IsRecord) switch
    {
        (TypeKind.Struct, true) => "record struct",
        (TypeKind.Struct, false) => "struct",
        (TypeKind.Interface, _) => "interface",
        (_, true) => "record",
        _ => "class",
    };

    /// <summary>
    /// The stem of a type's emitted files: its full metadata name, which is unique but for upper and lower case. The compiler
    /// compares file names without regard to case, so a type with such a neighbour gets a hash of its exact name as well.
    /// </summary>
    public static string HintNameOf(INamedTypeSymbol type)
    {
        IReadOnlyList<INamespaceOrTypeSymbol> path = PathOf(type);
        string name = string.Concat(path.Select((part, i) => i == 0 ? part.Name : (part.ContainingSymbol is INamedTypeSymbol ? "+" : ".") + part.Name));
        return path.Any(HasNeighbourInOtherCase) ? $"{name}-{HashOf(name)}" : name;
    }

    /// <summary>The namespaces and types around a type, outermost first, and the type itself.</summary>
    public static IReadOnlyList<INamespaceOrTypeSymbol> PathOf(INamedTypeSymbol type) => [.. NamespacesOf(type), .. ContainingTypesOf(type), type];

    private static List<INamespaceSymbol> NamespacesOf(INamedTypeSymbol type)
    {
        var namespaces = new List<INamespaceSymbol>();
        for (INamespaceSymbol? outer = type.ContainingNamespace; outer is { IsGlobalNamespace: false }; outer = outer.ContainingNamespace)
            namespaces.Insert(0, outer);
        return namespaces;
    }

    private static bool HasNeighbourInOtherCase(INamespaceOrTypeSymbol symbol) =>
        symbol.ContainingSymbol is INamespaceOrTypeSymbol container
        && container.GetMembers().Any(member => member is INamespaceOrTypeSymbol && member.Name != symbol.Name
            && member.Name.Equals(symbol.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The 64-bit FNV-1a hash: <c>string.GetHashCode</c> differs from run to run.</summary>
    private static string HashOf(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text)
            hash = unchecked((hash ^ c) * 1099511628211);
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
