using Backprop.Generator.Diagnostics;
using Backprop.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Generator.Parsing;

/// <summary>The rules of the project that a network is part of, and what its target offers.</summary>
internal static class ProjectRules
{
    private const string Vector512 = "System.Runtime.Intrinsics.Vector512";

    /// <summary>Adds every rule that the project breaks.</summary>
    /// <param name="type">The class.</param>
    /// <param name="network">[Network], which tells the runtime's assembly.</param>
    /// <param name="declaration">The declaration that bears it.</param>
    /// <param name="compilation">The project.</param>
    /// <param name="findings">Where broken rules go.</param>
    public static void Check(INamedTypeSymbol type, WrittenAttribute network, TypeDeclarationSyntax declaration, Compilation compilation, Findings findings)
    {
        Location identifier = declaration.Identifier.GetLocation();
        LanguageVersion language = ((CSharpParseOptions)declaration.SyntaxTree.Options).LanguageVersion;
        if (language < LanguageVersion.CSharp12)
            findings.Add(Descriptors.LanguageVersion, identifier, language.ToDisplayString());
        if (compilation.GetTypeByMetadataName(Vector512) is null)
            findings.Add(Descriptors.Platform, identifier);
        if (network.Data.AttributeClass is { } attribute
            && compilation.GetMetadataReference(attribute.ContainingAssembly) is { Properties.Aliases: { Length: > 0 } aliases }
            && !aliases.Contains(MetadataReferenceProperties.GlobalAlias))
        {
            findings.Add(Descriptors.RuntimeAliased, identifier);
        }
        if (EmittedWords.TakenFrom(type, compilation, network.Data.AttributeClass?.ContainingAssembly) is { } taken)
            findings.Add(Descriptors.WordTaken, identifier, taken.Word, taken.Type.ToDisplayString());
    }

    /// <summary>What the project's target offers.</summary>
    public static TargetFeatures FeaturesOf(Compilation compilation) =>
        new(compilation.GetTypeByMetadataName(Vector512)?.GetMembers("MultiplyAddEstimate").Length > 0);
}
