using System.Text.RegularExpressions;
using Backprop.Generator.Parsing;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Generator.Tests.Parsing;

/// <summary>Every name of the platform that emitted code is written with is one that a user's type is kept from.</summary>
public partial class EmittedWordsTests
{
    [Fact]
    public void All_are_known()
    {
        // Between them: all ways to write a product, a batch in the lanes or not, a stub.
        GeneratorRun run = GeneratorHarness.Run("""
            using Backprop;
            [Network(3)] [Dense(2, Activation.Tanh)] public partial class Narrow;
            [Network(100, Loss = Loss.CrossEntropy, Unroll = Unroll.Full)] [Dense(70, Activation.GELU)] [Dense(20, Activation.Softmax)] public partial class Wide;
            [Network(0)] public partial class Refused;
            """);
        HashSet<string> types = [];
        foreach (SyntaxTree tree in run.Result.GeneratedSources.Select(file => file.SyntaxTree))
        {
            SemanticModel model = run.Output.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Where(IsQualified))
            {
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                INamedTypeSymbol? type = symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? symbol.ContainingType : symbol as INamedTypeSymbol;
                if (type?.ContainingNamespace.ToDisplayString() is { } place && place.StartsWith("System", StringComparison.Ordinal))
                    types.Add($"{place}.{type.MetadataName}");
            }
        }
        Assert.True(types.Count > 8);
        Assert.All(types, type => Assert.Contains("BP0028", IdsBeside(type)));
    }

    private static IEnumerable<string> IdsBeside(string type)
    {
        int dot = type.LastIndexOf('.');
        return GeneratorHarness.Run(
            "[Backprop.Network(3)] [Backprop.Dense(2)] public partial class Net;",
            $"namespace {type[..dot]} {{ class {Arity().Replace(type[(dot + 1)..], "<T>")}; }}").Diagnostics.Select(found => found.Id);
    }

    private static bool IsQualified(SimpleNameSyntax name) => name.Parent is QualifiedNameSyntax or AliasQualifiedNameSyntax or MemberAccessExpressionSyntax;

    [GeneratedRegex("`[0-9]+$")]
    private static partial Regex Arity();
}
