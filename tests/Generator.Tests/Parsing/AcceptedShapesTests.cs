using Backprop.Generator.Model;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Parsing;

/// <summary>Every way to declare a network that is served: parsed, and compiled without a diagnostic.</summary>
public class AcceptedShapesTests
{
    private const string Net = "[Backprop.Network(3)] [Backprop.Dense(2)] ";

    /// <summary>Source; stem of the file names; namespace; the declarations as they are emitted, outermost first.</summary>
    public static TheoryData<string, string, string, string> Shapes => new()
    {
        { $"{Net} public partial class Net;", "Net", "", "partial class Net" },
        { $"{Net} partial class Net {{ }}", "Net", "", "partial class Net" },
        { $"{Net} internal sealed partial class Net;", "Net", "", "partial class Net" },
        { $"namespace A; {Net} public partial class Net;", "A.Net", "A", "partial class Net" },
        { $"namespace A.B {{ namespace C {{ {Net} public partial class Net; }} }}", "A.B.C.Net", "A.B.C", "partial class Net" },
        { $"namespace @class.@int; {Net} public partial class @event;", "class.int.event", "@class.@int", "partial class @event" },
        { $"namespace @await.@required; {Net} public partial class Net;", "await.required.Net", "@await.@required", "partial class Net" },
        { $"{Net} public partial class @partial;", "partial", "", "partial class @partial" },
        { $"{Net} public partial class @record;", "record", "", "partial class @record" },
        { $"namespace Größe; {Net} public partial class Сеть;", "Größe.Сеть", "Größe", "partial class Сеть" },
        { $"{Net} public partial class \\u0041bc;", "Abc", "", "partial class Abc" },
        { $"partial class Outer {{ {Net} private partial class Net; }}", "Outer+Net", "", "partial class Outer|partial class Net" },
        { $"partial class Outer {{ {Net} private protected sealed partial class Net; }}", "Outer+Net", "", "partial class Outer|partial class Net" },
        { $"namespace A; static partial class Outer {{ {Net} public partial class Net; }}", "A.Outer+Net", "A", "partial class Outer|partial class Net" },
        { $"abstract partial class Outer {{ partial struct Mid {{ {Net} public partial class Net; }} }}", "Outer+Mid+Net", "", "partial class Outer|partial struct Mid|partial class Net" },
        { $"readonly ref partial struct Outer {{ {Net} public partial class Net; }}", "Outer+Net", "", "partial struct Outer|partial class Net" },
        { $"partial interface IOuter {{ {Net} public partial class Net; }}", "IOuter+Net", "", "partial interface IOuter|partial class Net" },
        { $"partial record Outer(int X) {{ {Net} public partial class Net; }}", "Outer+Net", "", "partial record Outer|partial class Net" },
        { $"partial record struct Outer(int X) {{ {Net} public partial class Net; }}", "Outer+Net", "", "partial record struct Outer|partial class Net" },
        { $"partial class @lock {{ {Net} public partial class @base; }}", "lock+base", "", "partial class @lock|partial class @base" },
        { $"{Net} public partial class Net : Backprop.INetwork<Net>;", "Net", "", "partial class Net" },
        { $"{Net} public partial class Net : System.IDisposable {{ public void Dispose() {{ }} }}", "Net", "", "partial class Net" },
        { $"{Net} public partial class Net : System.Exception;", "Net", "", "partial class Net" },
        { $"public class Base {{ protected Base(int x = 0) {{ }} private int _parameters() => 0; }} {Net} public partial class Net : Base;", "Net", "", "partial class Net" },
        { $"public class Base {{ private static int Spec() => 0; public void Forward(float[] x) {{ }} public static int Use => Spec(); }} {Net} public partial class Net : Base;", "Net", "", "partial class Net" },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Is_served(string source, string hintName, string @namespace, string declarations)
    {
        GeneratorRun run = GeneratorHarness.Run(source);
        NetworkModel model = run.Network;
        Assert.Equal(hintName, model.HintName);
        Assert.Equal(@namespace, model.Namespace);
        Assert.Equal(declarations, string.Join("|", model.ContainingTypes.Append(model.Declaration).Select(type => $"{type.Keywords} {type.Name}")));
        Assert.Empty(run.Problems);
    }

    [Fact]
    public void Is_served_where_several_files_declare_it()
    {
        GeneratorRun run = GeneratorHarness.Run("partial class Net { private int _own; public int Own => _own++; }", $"{Net} partial class Net;", "partial class Net : System.ICloneable { public object Clone() => this; }");
        Assert.Equal("Net", run.Network.Declaration.Name);
        Assert.Empty(run.Problems);
    }

    /// <summary>The compiler warns of such a name where the user declares it; the emitted declarations do not repeat it.</summary>
    [Fact]
    public void A_lower_case_name_is_warned_of_once()
    {
        GeneratorRun run = GeneratorHarness.Run($"namespace demo; partial class outer {{ {Net} partial class net; }}");
        Assert.Equal(["CS8981", "CS8981"], run.Problems.Select(found => found.Id));
        Assert.Equal("demo", run.Network.Namespace);
    }

    [Theory]
    [InlineData("public Net(string name) : this(7) { }")]
    [InlineData("public Net() : this(7) { }")]
    [InlineData("public Net(string a, string b) : this(a) { } public Net(string name) : this(7) { }")]
    [InlineData("static Net() { }")]
    [InlineData("public float[] Forward(float[] inputs) => inputs;")]
    [InlineData("public void Forward(System.Span<float> inputs, System.Span<float> outputs) { }")]
    [InlineData("public float TrainStep(System.ReadOnlySpan<float> inputs, System.ReadOnlySpan<float> targets, double rate) => 0;")]
    [InlineData("public float TrainStep<A, B>(System.ReadOnlySpan<float> inputs, System.ReadOnlySpan<float> targets, ref A optimizer) => 0;")]
    [InlineData("public static Net Create(string path) => new(path.Length);")]
    [InlineData("public float this[int i] => i;")]
    public void Is_served_beside_members_of_its_own(string member)
    {
        // Constructors chain to an emitted one, so this asks the parser alone.
        GeneratorRun run = GeneratorHarness.Run($"{Net} public partial class Net {{ {member} }}");
        Assert.NotNull(run.Network);
        Assert.Empty(run.Diagnostics);
        Assert.Null(run.Result.Exception);
    }

    [Fact]
    public void The_target_tells_what_the_platform_offers()
    {
        string source = $"{Net} public partial class Net;";
        Assert.True(GeneratorHarness.Run(source).Network.Target.HasMultiplyAddEstimate);
        GeneratorRun run = GeneratorHarness.Run(HarnessOptions.Strict with { Platform = Platform.Net8 }, source);
        Assert.False(run.Network.Target.HasMultiplyAddEstimate);
        Assert.Empty(run.Problems);
    }
}
