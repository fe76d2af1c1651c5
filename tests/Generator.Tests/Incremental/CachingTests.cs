using Backprop.Generator;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Generator.Tests.Incremental;

/// <summary>An edit costs what it changes: the stages by name, and why each of their steps ran.</summary>
public class CachingTests
{
    private const string First = "using Backprop;\n[Network(3)] [Dense(2)] public partial class First { /* body */ }\n";
    // Nested: the model holds the types around them as an array.
    private const string Second = "partial class Outer {\n[Backprop.Network(5)] [Backprop.Dense(4)] public partial class Second;\n[Backprop.Network(5)] public partial class Refused;\n}\n";

    private const string Elsewhere = "static class Elsewhere { public static int X => 3; }";

    [Theory]
    [InlineData("/* body */", "int _x;")]
    [InlineData("/* body */", "/* another */")]
    [InlineData("using Backprop;\n", "using Backprop;\n\n\n\n")]
    [InlineData("public partial class First", "sealed partial class First")]
    [InlineData("[Dense(2)]", "[Dense(1 + 1)]")]
    [InlineData("}\n", "}\nclass Other;\n")]
    // Moved: down in its file, to another line of each attribute, and behind another class.
    [InlineData("using Backprop;\n", "using Backprop;\nclass Before { int X() => 3; }\n/* … */\n")]
    [InlineData("[Network(3)] [Dense(2)] ", "[Network(3),\n    Dense(2)]\n")]
    [InlineData("[Network(3)] [Dense(2)] public partial class First {", "public class Third { } partial class First; [Network(3)] [Dense(2)] public partial class First {")]
    public void An_edit_that_leaves_the_network_emits_nothing_anew(string from, string to)
    {
        GeneratorRunResult result = Edit(First.Replace(from, to));
        Assert.All(Reasons(result, NetworkGenerator.Stages.Parse), reason => Assert.True(reason is IncrementalStepRunReason.Unchanged or IncrementalStepRunReason.Cached));
        Assert.All(Reasons(result, NetworkGenerator.Stages.Emit), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.All(
            result.TrackedOutputSteps.SelectMany(stage => stage.Value).SelectMany(step => step.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    [Theory]
    [InlineData("[Dense(2)]", "[Dense(6)]")]
    [InlineData("[Dense(2)]", "[Dense(2)] [Dense(2)]")]
    [InlineData("[Dense(2)]", "[Dense(2, Bias = false)]")]
    [InlineData("[Network(3)]", "[Network(3, BatchSize = 8)]")]
    [InlineData("[Network(3)]", "[Network(0)]")]
    [InlineData("class First", "class Renamed")]
    public void An_edit_of_one_network_emits_that_one(string from, string to)
    {
        GeneratorRunResult result = Edit(First.Replace(from, to));
        foreach (string stage in new[] { NetworkGenerator.Stages.Parse, NetworkGenerator.Stages.Emit })
        {
            Assert.Equal(
                [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached],
                Reasons(result, stage).Select(reason => reason == IncrementalStepRunReason.Unchanged ? IncrementalStepRunReason.Cached : reason));
        }
    }

    /// <summary>An edit of another file, which has no network, as most edits are.</summary>
    [Fact]
    public void An_edit_elsewhere_emits_nothing_anew()
    {
        GeneratorRunResult result = Edit(First, "static class Elsewhere { public static int X => 4; }");
        foreach (string stage in new[] { NetworkGenerator.Stages.Parse, NetworkGenerator.Stages.Emit })
            Assert.All(Reasons(result, stage), reason => Assert.True(reason is IncrementalStepRunReason.Unchanged or IncrementalStepRunReason.Cached));
        Assert.All(Reasons(result, NetworkGenerator.Stages.Emit), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    /// <summary>From one file to another networks change places, and the compiler's tables go by places; but each has the same text.</summary>
    [Fact]
    public void A_network_moved_to_another_file_keeps_its_text()
    {
        string declaration = First.Replace("using Backprop;\n", "").Replace("[Network", "[Backprop.Network").Replace("[Dense", "[Backprop.Dense");
        GeneratorRunResult before = Edit(First), after = Edit("", declaration);
        Assert.Equal(TextsOf(before), TextsOf(after));
    }

    private static IEnumerable<string> TextsOf(GeneratorRunResult result) =>
        result.GeneratedSources.Select(file => $"{file.HintName}\n{file.SourceText}").Order(StringComparer.Ordinal);

    [Fact]
    public void Both_stages_are_there() =>
        Assert.Equal([3, 3], new[] { NetworkGenerator.Stages.Parse, NetworkGenerator.Stages.Emit }.Select(stage => Reasons(Edit(First), stage).Count()));

    /// <summary>Runs on <see cref="First"/> and <see cref="Second"/>, then again with another text of the first file, and of the third.</summary>
    private static GeneratorRunResult Edit(string edited, string elsewhere = Elsewhere)
    {
        HarnessOptions options = HarnessOptions.Strict;
        CSharpCompilation compilation = GeneratorHarness.Compile(options, First, Second, Elsewhere);
        GeneratorDriver driver = GeneratorHarness.Driver(options).RunGenerators(compilation);
        foreach ((SyntaxTree tree, string text) in new[] { (compilation.SyntaxTrees[0], edited), (compilation.SyntaxTrees[2], elsewhere) })
            compilation = compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(text)));
        return driver.RunGenerators(compilation).GetRunResult().Results.Single();
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string stage) =>
        result.TrackedSteps[stage].SelectMany(step => step.Outputs).Select(output => output.Reason);
}
