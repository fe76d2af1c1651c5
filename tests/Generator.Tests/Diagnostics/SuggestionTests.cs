using Backprop;
using Backprop.Generator.Diagnostics;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Diagnostics;

/// <summary>Each suggestion at the exact place that it points at, and the networks nearest to it that have none.</summary>
public class SuggestionTests
{
    public static TheoryData<string, string> Made => new()
    {
        { "BP0029", "[Network(3)] [Dense(4, Activation.ReLU)] [Dense(2, «Activation.ReLU»)] partial class Net;" },
        { "BP0029", "[Network(3, Loss = Loss.Huber)] [Dense(activation: «Activation.Softmax», units: 2)] partial class Net;" },
        { "BP0029", "[Network(3, Loss = Loss.HalfSquaredError), Dense(2, «Activation.ReLU», Bias = false)] partial class Net;" },
        { "BP0029", "[Network(3, Loss = Loss.MeanAbsoluteError)] [Dense(2, «(Activation)3»)] partial class Net;" },
        { "BP0030", "[Network(3)] [Dense(4, Activation.Tanh, Initializer = «Initializer.HeNormal»)] [Dense(2)] partial class Net;" },
        { "BP0030", "[Network(3)] [Dense(4)] [Dense(2, Activation.Sigmoid, Initializer = «Initializer.HeUniform», Bias = false)] partial class Net;" },
        { "BP0030", "[Network(3, Loss = Loss.BinaryCrossEntropy)] [Dense(4, Activation.Sigmoid, Initializer = «Initializer.HeUniform»)] [Dense(2, Activation.Sigmoid)] partial class Net;" },
        { "BP0031", "[Network(512)] [Dense(«512»)] partial class Net;" },                          // the biases are too much
        { "BP0031", "[Network(512)] [Dense(256)] [Dense(units: «512», Bias = false)] [Dense(512)] partial class Net;" },
        { "BP0031", "[Network(400000)] [Dense(«1»)] partial class Net;" },                         // padding to vectors of 4 counts: 1.6 M floats
        { "BP0032", "[Network(16385, Unroll = «Unroll.Full»)] [Dense(8, Bias = false)] partial class Net;" },
        { "BP0032", "[Network(16400, Unroll = «(Unroll)1», BatchSize = 3)] [Dense(1, Bias = false)] [Dense(2)] partial class Net;" },
    };

    [Theory, MemberData(nameof(Made))]
    public void Is_made_at_its_place(string id, string marked)
    {
        marked = "using Backprop; " + marked;
        GeneratorRun run = GeneratorHarness.Run(MarkedSource.Plain(marked));
        Diagnostic found = Assert.Single(run.Diagnostics, found => found.Id == id);
        Assert.Equal(marked, MarkedSource.Mark(found));
        Assert.Equal(DiagnosticSeverity.Info, found.Severity);
        Assert.Empty(run.Problems);
        Assert.Equal(5, run.Result.GeneratedSources.Length);
    }

    [Theory]
    [InlineData("[Network(3)] [Dense(4, Activation.ReLU)] [Dense(2)]")]
    [InlineData("[Network(3)] [Dense(2, Activation.LeakyReLU)]")]
    [InlineData("[Network(3, Loss = Loss.CrossEntropy)] [Dense(2, Activation.Softmax)]")]
    [InlineData("[Network(3)] [Dense(4, Activation.Tanh)] [Dense(2, Activation.ReLU6)]", "CS0117")]
    [InlineData("[Network(3)] [Dense(4, Activation.ReLU, Initializer = Initializer.HeNormal)] [Dense(2, Activation.Tanh, Initializer = Initializer.GlorotNormal)]")]
    [InlineData("[Network(3, Loss = Loss.BinaryCrossEntropy)] [Dense(2, Activation.Sigmoid, Initializer = Initializer.HeNormal)]")]
    [InlineData("[Network(512)] [Dense(512, Bias = false)]")]
    [InlineData("[Network(0, Unroll = Unroll.Full)] [Dense(600, Activation.ReLU)]", "BP0001")]
    public void Is_not_made_of_others(string attributes, string problems = "")
    {
        GeneratorRun run = GeneratorHarness.Run($"using Backprop; {attributes} partial class Net;");
        Assert.DoesNotContain(run.Diagnostics, found => found.Severity == DiagnosticSeverity.Info);
        Assert.Equal(problems, string.Join(' ', run.Problems.Select(found => found.Id)));
    }

    [Fact]
    public void All_are_made_at_once()
    {
        GeneratorRun run = GeneratorHarness.Run("""
            using Backprop;
            [Network(70000, Unroll = Unroll.Full)]
            [Dense(2, Activation.Tanh, Initializer = Initializer.HeNormal)]
            [Dense(2, Activation.ReLU)]
            partial class Net;
            """);
        Assert.Equal(["BP0032", "BP0031", "BP0030", "BP0029"], run.Diagnostics.Select(found => found.Id));
    }

    /// <summary>The project keeps to its own advice.</summary>
    [Fact]
    public void The_samples_networks_have_none()
    {
        string[] sources = [.. Directory.GetFiles(Path.Combine(DiagnosticsDocument.Root, "src", "Sample", "Networks"), "*.cs").Select(File.ReadAllText)];
        GeneratorRun run = GeneratorHarness.Run(sources);
        Assert.True(run.Networks.Count >= 4);
        Assert.Empty(run.Diagnostics);
    }

    /// <summary>On the edges, asked without compiling: what the budget just allows is a megabyte of source.</summary>
    [Theory]
    [InlineData(Unroll.Full, 1024, 128, false)]
    [InlineData(Unroll.Full, 1024, 129, true)]
    [InlineData(Unroll.Full, 16384, 8, false)]
    [InlineData(Unroll.Full, 16385, 8, true)]
    [InlineData(Unroll.Full, 16385, 4, false)] // Along its inputs it loops at any rate.
    [InlineData(Unroll.Auto, 16385, 8, false)]
    [InlineData(Unroll.Tiled, 16385, 8, false)]
    public void The_budget_is_the_planners(Unroll unroll, int inputs, int units, bool exceeded) =>
        Assert.Equal(exceeded, Suggestions.For(new NetworkSpec(inputs, [new DenseSpec(units)]) { Unroll = unroll }).Any(found => found.Descriptor.Id == "BP0032"));

    [Fact]
    public void The_layers_beyond_the_budget_are_named()
    {
        var spec = new NetworkSpec(70000, [new DenseSpec(1), new DenseSpec(66000), new DenseSpec(16)]) { Unroll = Unroll.Full };
        Assert.Contains("layer 1, 3 has more", Assert.Single(Suggestions.For(spec), found => found.Descriptor.Id == "BP0032").Text);
    }
}
