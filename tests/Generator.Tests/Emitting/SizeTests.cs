using System.Text;
using Backprop;
using Generator.Tests.Infrastructure;
using Generator.Tests.Planning;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Runtime.Tests.Differential;

namespace Generator.Tests.Emitting;

/// <summary>Emitted files are read, stored and compiled: they stay short.</summary>
public class SizeTests
{
    /// <summary>The largest networks that the project is measured by: one of wide layers, one of many.</summary>
    [Theory]
    [InlineData("W6")]
    [InlineData("W7")]
    public void All_files_of_a_network_are_under_300_KB(string name)
    {
        int size = Emit(Specs.Named[name]).Sum(tree => Encoding.UTF8.GetByteCount(tree.ToString()));
        Assert.InRange(size, 100_000, 299_999);
    }

    /// <summary>What layers have in common is emitted once.</summary>
    [Fact]
    public void No_two_methods_of_a_class_have_one_text()
    {
        NetworkSpec unbiased = new(16, Enumerable.Repeat(new DenseSpec(48, Activation.GELU) { Bias = false }, 4));
        NetworkSpec alternating = new(70, Enumerable.Range(0, 8).Select(layer => new DenseSpec(layer % 2 == 0 ? 100 : 70, Activation.HardTanh)));
        string[] names = ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "deep", "written out over several methods"];
        foreach (NetworkSpec spec in names.Select(name => Specs.Named[name]).Concat(RandomSpecs.Draw(seed: 3, count: 20)).Append(unbiased).Append(alternating))
        {
            foreach (ClassDeclarationSyntax type in Emit(spec).SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()))
            {
                IEnumerable<string> twice = type.Members.OfType<MethodDeclarationSyntax>()
                    .GroupBy(method => $"{method.ParameterList} {method.ConstraintClauses} {method.Body}{method.ExpressionBody}")
                    .Where(same => same.Count() > 1)
                    .Select(same => string.Join(" and ", same.Select(method => method.Identifier.Text)));
                Assert.True(!twice.Any(), $"{type.Identifier.Text} of {spec}: {string.Join("; ", twice)} have one text.");
            }
        }
    }

    private static IEnumerable<SyntaxTree> Emit(NetworkSpec spec) =>
        GeneratorHarness.Run($"using Backprop; {NetworkSource.Declare(spec, "Net")}").Result.GeneratedSources.Select(file => file.SyntaxTree);
}
