using Backprop.Generator.Model;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Parsing;

/// <summary>One clash of file names would discard everything that is emitted, and the compiler compares them without regard to case.</summary>
public class HintNameTests
{
    [Fact]
    public void Differ_for_all_networks_of_a_project()
    {
        const string net = "[Backprop.Network(3)] [Backprop.Dense(2, Backprop.Activation.Softmax)] public partial class";
        GeneratorRun run = GeneratorHarness.Run($$"""
            {{net}} Net;
            {{net}} NET;
            {{net}} net;
            namespace A { {{net}} Net; partial class B { {{net}} Net; } }
            namespace a { {{net}} Net; }
            namespace A.C { {{net}} Net; {{net}} Net2; }
            partial class A_B { {{net}} Net; }
            partial class Outer { {{net}} Net; }
            partial class OUTER { {{net}} Net; }
            """);
        string[] names = [.. run.Networks.Select(network => network.Served!.HintName)];
        Assert.Equal(11, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("A_B+Net", names);
        Assert.Null(run.Result.Exception);
    }

    [Fact]
    public void Are_plain_and_stable()
    {
        string Name(string other) => GeneratorHarness.Run($"[Backprop.Network(3)] [Backprop.Dense(2)] public partial class Net; {other}").Network.HintName;
        Assert.Equal("Net", Name("class Nets; class Ne;"));
        Assert.StartsWith("Net-", Name("class NET;"));
        Assert.Equal(Name("class NET;"), Name("class nEt;"));
    }

    [Fact]
    public void Of_refused_networks_differ_too()
    {
        const string net = "[Backprop.Network(0)] public partial class";
        GeneratorRun run = GeneratorHarness.Run($"{net} Net; {net} NET; partial class Outer {{ {net} Net; }}");
        Assert.Equal(3, run.Result.GeneratedSources.Length);
        Assert.All(run.Networks, (ParsedNetwork network) => Assert.NotNull(network.Refused));
    }
}
