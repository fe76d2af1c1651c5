using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CodeFixes.Tests;

/// <summary>Layers are moved together: in the order of the files, with their names' meanings, and nothing else of a file changes.</summary>
public class AttributesFixTests
{
    private const string Title = "Move the layers to the declaration with [Network]";

    public static TheoryData<string[], string[]> Moves => new()
    {
        {
            ["using Backprop; [Network(3)] [Dense(4)] partial class Net; [Dense(2)] partial class Net;"],
            ["using Backprop; [Network(3)] [Dense(4)] [Dense(2)] partial class Net; partial class Net;"]
        },
        {
            // Lines of their own, with their indentation and line ends.
            ["using Backprop;\r\nnamespace A\r\n{\r\n    [Network(3)] // 3\r\n    [Dense(4)]\r\n    partial class Net\r\n    {\r\n    }\r\n\r\n    [Dense(2, Bias = false)]\r\n    [Dense(5)] \r\n    partial class Net { }\r\n}\r\n"],
            ["using Backprop;\r\nnamespace A\r\n{\r\n    [Network(3)] // 3\r\n    [Dense(4)]\r\n    [Dense(2, Bias = false)]\r\n    [Dense(5)]\r\n    partial class Net\r\n    {\r\n    }\r\n\r\n    partial class Net { }\r\n}\r\n"]
        },
        {
            // Lists that have others too.
            ["using Backprop; [Dense(7), System.Obsolete, Dense(8)] partial class Net; [Network(3)] partial class Net; [System.Serializable, Dense(9)] partial class Net;"],
            ["using Backprop; [System.Obsolete] partial class Net; [Network(3)] [Dense(7)] [Dense(8)] [Dense(9)] partial class Net; [System.Serializable] partial class Net;"]
        },
        {
            // From files with other usings.
            ["using Backprop;\n[Dense(Sizes.Wide, Activation.ReLU, Bias = !false)]\npartial class Net;\nstatic class Sizes { public const int Wide = 6; }",
                "[Backprop.Network(3)]\npartial class Net;",
                "using static Backprop.Activation; using static Sizes; using Act = Backprop.Activation;\n[Backprop.Dense((int)(Wide + 1), Tanh)] [Backprop.Dense(1, (Act)2)] partial class Net;"],
            ["using Backprop;\npartial class Net;\nstatic class Sizes { public const int Wide = 6; }",
                "[Backprop.Network(3)]\n[Backprop.Dense(Sizes.Wide, Backprop.Activation.ReLU, Bias = !false)]\n[Backprop.Dense((int)(Sizes.Wide + 1), Backprop.Activation.Tanh)]\n[Backprop.Dense(1, (Backprop.Activation)2)]\npartial class Net;",
                "using static Backprop.Activation; using static Sizes; using Act = Backprop.Activation;\npartial class Net;"]
        },
    };

    [Theory, MemberData(nameof(Moves))]
    public void Gives_these_texts_and_no_diagnostic(string[] sources, string[] expected)
    {
        CodeFixHarness project = CodeFixHarness.Open(sources);
        Assert.All(project.Diagnostics, found => Assert.Equal("BP0017", found.Id));
        CodeFixHarness result = project.Apply(Assert.Single(project.FixesOf(project.Diagnostics[0])));
        Assert.Equal(expected, result.Texts);
        Assert.Empty(result.Diagnostics);
    }

    [Theory]
    [InlineData(FixAllScope.Document)]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public void Several_networks_are_fixed_at_once(FixAllScope scope)
    {
        const string source = """
            using Backprop;
            [Network(3)] [Dense(1)] partial class A; [Dense(2)] partial class A; [Dense(3)] partial class A;
            partial class Outer { [Network(3)] partial class B; [Dense(4)] partial class B; }
            """;
        CodeFixHarness result = CodeFixHarness.Open(source).ApplyToAll(Title, scope);
        Assert.Equal(
            """
            using Backprop;
            [Network(3)] [Dense(1)] [Dense(2)] [Dense(3)] partial class A; partial class A; partial class A;
            partial class Outer { [Network(3)] [Dense(4)] partial class B; partial class B; }
            """,
            Assert.Single(result.Texts));
        Assert.Empty(result.Diagnostics);
    }
}
