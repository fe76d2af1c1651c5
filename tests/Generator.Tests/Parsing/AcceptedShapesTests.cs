using Backprop.Generator.Model;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Parsing;

/// <summary>Every way to declare a network that is served: parsed, and compiled without a diagnostic.</summary>
public class AcceptedShapesTests
{
    private const string Attributes = "[Backprop.Network(3)] [Backprop.Dense(2)] ";

    public static TheoryData<string, string, string> Shapes => new()
    {
        // source; hint name; containing types and declaration as they are emitted
        { "public partial class Net;", "Net", "partial class Net" },
        { "partial class Net { }", "Net", "partial class Net" },
        { "public sealed partial class Net;", "Net", "partial class Net" },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Is_served(string source, string hintName, string declarations)
    {
        GeneratorRun run = GeneratorHarness.Run(Attributes + source);
        NetworkModel model = run.Network;
        Assert.Equal(hintName, model.HintName);
        Assert.Equal(declarations, string.Join(" { ", model.ContainingTypes.Append(model.Declaration).Select(type => $"{type.Keywords} {type.Name}")));
        Assert.Empty(run.Problems);
    }
}
