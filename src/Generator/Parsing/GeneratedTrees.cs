using Backprop.Generator.Emitting;
using Microsoft.CodeAnalysis;

namespace Backprop.Generator.Parsing;

/// <summary>
/// Tells what the user wrote from what the generator added. The generator sees only the first, its analyzer both; the parser
/// that they share has to come to one conclusion.
/// </summary>
internal static class GeneratedTrees
{
    // The compiler places an emitted file in the folder <base>/<generator's assembly>/<generator's full name>/.
    private static readonly string s_folder = $"{typeof(NetworkGenerator).FullName}/";

    /// <summary>Whether a file is one of this generator's.</summary>
    public static bool Contain(SyntaxTree tree) => tree.FilePath.Replace('\\', '/').Contains(s_folder);

    /// <summary>Whether a file stands in for a network that was refused.</summary>
    public static bool IsStub(SyntaxTree tree) => tree.FilePath.EndsWith(StubEmitter.Suffix, StringComparison.Ordinal) && Contain(tree);

    /// <summary>The declarations of a symbol that the user wrote.</summary>
    public static IEnumerable<SyntaxNode> UserDeclarations(this ISymbol symbol, CancellationToken cancellation) =>
        symbol.DeclaringSyntaxReferences.Where(reference => !Contain(reference.SyntaxTree)).Select(reference => reference.GetSyntax(cancellation));
}
