using System.Runtime.InteropServices;
using Backprop.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Generator.Parsing;

/// <summary>The rules of how a network's class is declared, so that partial declarations of it can be emitted.</summary>
internal static class ShapeRules
{
    /// <summary>Adds every rule that the declaration breaks.</summary>
    /// <param name="type">The class.</param>
    /// <param name="declaration">The declaration that bears [Network].</param>
    /// <param name="findings">Where broken rules go.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static void Check(INamedTypeSymbol type, TypeDeclarationSyntax declaration, Findings findings, CancellationToken cancellation)
    {
        Location identifier = declaration.Identifier.GetLocation();
        if (OtherKind(type) is { } kind)
            findings.Add(Descriptors.NotAClass, identifier, kind);
        else if (type.IsStatic)
            findings.Add(Descriptors.Static, identifier);
        else if (type.IsAbstract)
            findings.Add(Descriptors.Abstract, identifier);

        if (FirstNotPartial(type, cancellation) is { } whole)
            findings.Add(Descriptors.NotPartial, whole.Identifier.GetLocation());
        foreach (INamedTypeSymbol outer in TypeNames.ContainingTypesOf(type))
        {
            if (FirstNotPartial(outer, cancellation) is { } outerWhole)
                findings.Add(Descriptors.ContainingTypeNotPartial, outerWhole.Identifier.GetLocation(), outer.Name);
        }

        INamedTypeSymbol[] path = [type, .. TypeNames.ContainingTypesOf(type)];
        if (path.FirstOrDefault(part => part.Arity > 0) is { } generic)
            findings.Add(Descriptors.Generic, identifier, generic.Name);
        if (path.FirstOrDefault(part => part.IsFileLocal) is { } local)
            findings.Add(Descriptors.FileLocal, identifier, local.Name);
    }

    /// <summary>What a type is instead of a plain class, with its article; null for a plain class.</summary>
    private static string? OtherKind(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Interface ? "an interface"
        : type.TypeKind != TypeKind.Class || type.IsRecord ? $"a {TypeNames.KeywordsOf(type)}"
        : type.IsComImport ? "a COM import"
        : type.GetAttributes().Any(LaysFieldsOut) ? "a class whose fields have places of their own"
        : null;

    // Explicit fields need offsets, and sequential ones one declaration that has them all (CS0282): the emitted fields have neither.
    private static bool LaysFieldsOut(AttributeData attribute) =>
        attribute.AttributeClass is { Name: nameof(StructLayoutAttribute) }
        && attribute.ConstructorArguments.FirstOrDefault().Value is (int)LayoutKind.Explicit or (int)LayoutKind.Sequential or (short)LayoutKind.Explicit or (short)LayoutKind.Sequential;

    private static BaseTypeDeclarationSyntax? FirstNotPartial(INamedTypeSymbol type, CancellationToken cancellation) =>
        type.UserDeclarations(cancellation).OfType<BaseTypeDeclarationSyntax>().FirstOrDefault(part => !part.Modifiers.Any(SyntaxKind.PartialKeyword));
}
