using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Diagnostics;

/// <summary>Each diagnostic: its id, and the exact place that it points at. Nothing else is wrong with these programs.</summary>
public class DiagnosticTests
{
    private const string Sound = "[Network(3)] [Dense(2)] ";

    public static TheoryData<string, string> Refused => new()
    {
        { "BP0001", "[Network(«0»)] [Dense(2)] partial class Net;" },
        { "BP0001", "[Network(inputs: «-7», BatchSize = 3)] [Dense(2)] partial class Net;" },
        { "BP0002", "[«Network(3)»] partial class Net;" },
        { "BP0003", "[Network(3)] [Dense(2)] [Dense(«0»)] [Dense(2)] partial class Net;" },
        { "BP0003", "[Network(3)] [Dense(activation: Activation.ReLU, units: «-1»)] partial class Net;" },
        { "BP0003", "[Network(3), Dense(4), Dense(units: «int.MinValue»)] partial class Net;" },
        { "BP0004", "[Network(«1 + (1 << 20)»)] [Dense(2)] partial class Net;" },
        { "BP0004", "[Network(3)] [Dense(2)] [Dense(«(1 << 20) + 1»)] partial class Net;" },
        { "BP0004", "[Network(1 << 20)] [Dense(16)] [Dense(1)] [Dense(1 << 20)] [Dense(«1 << 20»)] partial class Net;" },
        { "BP0005", "[Network(3, Loss = Loss.Huber, BatchSize = «0»)] [Dense(2)] partial class Net;" },
        { "BP0005", "[Network(BatchSize = «int.MaxValue», inputs: 3)] [Dense(2)] partial class Net;" },
        { "BP0006", "[Network(3, Loss = «(Loss)99»)] [Dense(2)] partial class Net;" },
        { "BP0006", "[Network(3, Reduction = «(Reduction)(-1)»)] [Dense(2)] partial class Net;" },
        { "BP0006", "[Network(3, Unroll = «(Unroll)3»)] [Dense(2)] partial class Net;" },
        { "BP0006", "[Network(3)] [Dense(2, «(Activation)17»)] partial class Net;" },
        { "BP0006", "[Network(3)] [Dense(2, Initializer = «(Initializer)6»)] partial class Net;" },
        { "BP0007", "[Network(3)] [Dense(2, «Activation.Softmax»)] [Dense(2)] partial class Net;" },
        { "BP0008", "[Network(3, Loss = Loss.CrossEntropy)] [Dense(4)] [Dense(2, activation: «Activation.Sigmoid»)] partial class Net;" },
        { "BP0008", "[Network(3, Loss = Loss.CrossEntropy)] [«Dense(2)»] partial class Net;" },
        { "BP0009", "[Network(3, Loss = Loss.BinaryCrossEntropy)] [Dense(2, «Activation.Softmax»)] partial class Net;" },
        { "BP0009", "[Network(3, Loss = Loss.BinaryCrossEntropy)] [«Dense(2, Bias = true)»] partial class Net;" },
        { "BP0010", Sound + "public class «Net»;" },
        { "BP0010", "namespace A { partial class Outer { " + Sound + "sealed class «Net»; } }" },
        { "BP0011", "class «Outer» { " + Sound + "partial class Net; }" },
        { "BP0011", "partial class Outer { struct «Mid» { " + Sound + "partial class Net; } }" },
        { "BP0012", Sound + "partial class «Net»<T>;" },
        { "BP0012", "partial class Outer<T> { " + Sound + "partial class «Net»; }" },
        { "BP0013", Sound + "static partial class «Net»;" },
        { "BP0014", Sound + "abstract partial class «Net»;" },
        { "BP0015", Sound + "partial record «Net»;" },
        { "BP0015", "[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)] " + Sound + "partial class «Net»;" },
        { "BP0015", "[System.Runtime.InteropServices.ComImport, System.Runtime.InteropServices.Guid(\"00000000-0000-0000-0000-000000000001\")] " + Sound + "partial class «Net»;" },
        { "BP0016", Sound + "file partial class «Net»;" },
        { "BP0016", "file partial class Outer { " + Sound + "partial class «Net»; }" },
        { "BP0018", "[«Dense(3)»] [Dense(2)] partial class Net;" },
        { "BP0018", "[«Dense(3)»] class Net;" },
        { "BP0019", Sound + "partial class Net { public int «InputSize» => 3; }" },
        { "BP0019", Sound + "partial class Net { public const int «Forward» = 3; }" },
        { "BP0019", Sound + "partial class Net { class «Spec»; }" },
        { "BP0019", Sound + "partial class Net { void «_parameters»() { } }" },
        { "BP0019", Sound + "partial class Net { struct «Vector256Kernels»; }" },
        { "BP0019", Sound + "partial class Net { public void «Forward»(ReadOnlySpan<float> a, Span<float> b) { } }" },
        { "BP0019", Sound + "partial class Net { public static int «CopyParametersTo»(Span<float> b) => 0; }" },
        { "BP0019", Sound + "partial class Net { public float «TrainStep»<T>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ref T c) => 0; }" },
        { "BP0019", Sound + "partial class Net { public «Net»(int a) { } }" },
        { "BP0019", Sound + "partial class «Spec»;" },
        { "BP0019", Sound + "partial class «LoadParameters»;" },
        { "BP0019", "class Base { protected int Spec => 3; } " + Sound + "partial class «Net» : Base;" },
        { "BP0019", "class Root { internal void Forward(ReadOnlySpan<float> a, Span<float> b) { } } class Base : Root; " + Sound + "partial class «Net» : Base;" },
        { "BP0019", Sound + "partial class Net { static int INetwork<Net>.«InputSize» => 3; }" },
        { "BP0019", Sound + "partial class Net { static Net INetwork<Net>.«Create»(int seed) => new(seed); }" },
        { "BP0019", Sound + "partial class Net : Backprop.Kernels.IGradientSource { float Backprop.Kernels.IGradientSource.«LossScale»(int samples) => 1f; }" },
        { "BP0020", Sound + "partial class Net«(int a)» { public int A => a; }" },
        { "BP0020", Sound + "partial class Net { public «Net»(string a) { } }" },
        { "BP0020", Sound + "partial class Net { public «Net»() : base() { } }" },
        { "BP0021", "class Base { public Base(int x) { } } " + Sound + "partial class «Net» : Base;" },
        { "BP0021", "class Base { Base() { } public Base(string s) { } public static Base Make() => new(); } " + Sound + "partial class «Net» : Base;" },
        { "BP0022", Sound + "partial class Net { public required int «Own» { get; init; } }" },
        { "BP0022", Sound + "partial class Net { public required int «Own»; }" },
        { "BP0022", "class Base { public required int Own { get; init; } } " + Sound + "partial class «Net» : Base;" },
        { "BP0023", Sound + "partial class Net; " + Sound + "partial class «Second» : Net;" },
        { "BP0023", Sound + "partial class Net; class Mid : Net; " + Sound + "partial class «Second» : Mid;" },
        { "BP0027", Sound + "partial class Net; [Network(Net.OutputSize)] [Dense(2)] partial class «Second»;" },
        { "BP0015", "[System.Runtime.InteropServices.StructLayout((short)0)] " + Sound + "partial class «Net» { public int A; }" },
        { "BP0028", "class System; " + Sound + "partial class «Net»;" },
        { "BP0028", "namespace Backprop { class Kernels; } " + Sound + "partial class «Net»;" },
        { "BP0028", "namespace Backprop.Numerics { struct Lanes512; } " + Sound + "partial class «Net»;" },
        { "BP0028", "namespace System { static class Math; } " + Sound + "partial class «Net»;" },
        { "BP0028", "class @var; namespace A { " + Sound + "partial class «Net»; }" },
        { "BP0028", Sound + "partial class «@var»;" },
        { "BP0028", "class Base { protected class @var; } " + Sound + "partial class «Net» : Base;" },
        { "BP0027", Sound + "partial class Net; [Network(3)] [Dense(2, Bias = Net.OutputSize == 2)] partial class «Second»;" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Is_reported_at_its_place(string id, string marked)
    {
        marked = (marked.Contains("class System") ? "" : "using System; ") + "using Backprop; " + marked;
        GeneratorRun run = GeneratorHarness.Run(MarkedSource.Plain(marked));
        Diagnostic found = Assert.Single(run.Diagnostics);
        Assert.Equal((id, marked), (found.Id, MarkedSource.Mark(found)));
        Assert.Equal(DiagnosticSeverity.Error, found.Severity);
        Assert.Null(run.Result.Exception);
    }

    /// <summary>The compiler refuses these kinds too, since the attributes are for classes only.</summary>
    [Theory]
    [InlineData("partial struct «Net»;")]
    [InlineData("partial interface «Net»;")]
    [InlineData("partial record struct «Net»;")]
    public void Other_kinds_of_types_are_reported(string type)
    {
        string marked = $"using Backprop; {Sound} {type}";
        GeneratorRun run = GeneratorHarness.Run(MarkedSource.Plain(marked));
        Assert.Equal(marked, MarkedSource.Mark(Assert.Single(run.Diagnostics, found => found.Id == "BP0015")));
        Assert.All(run.CompilerDiagnostics, found => Assert.Equal("CS0592", found.Id));
        Assert.Empty(run.Result.GeneratedSources);
    }

    [Fact]
    public void Attributes_on_several_declarations_are_reported()
    {
        GeneratorRun run = GeneratorHarness.Run(
            "[Backprop.Dense(5)] partial class Net;",
            "using Backprop; [Network(3)] [Dense(4)] partial class Net { static Net Make() => new(3); }",
            "[Backprop.Dense(6)] partial class Net;");
        Assert.Equal(
            ["[«Backprop.Dense(5)»] partial class Net;", "[«Backprop.Dense(6)»] partial class Net;"],
            run.Diagnostics.Select(MarkedSource.Mark));
        Assert.All(run.Diagnostics, found => Assert.Equal("BP0017", found.Id));
        Assert.Empty(run.CompilerDiagnostics);
    }

    [Fact]
    public void A_network_declared_twice_is_emitted_once()
    {
        GeneratorRun run = GeneratorHarness.Run("using Backprop; [Network(3)] partial class Net; [Network(4)] [Dense(2)] partial class Net;");
        Assert.Equal(["BP0017"], run.Diagnostics.Select(found => found.Id));
        Assert.Equal(["CS0579"], run.CompilerDiagnostics.Select(found => found.Id));
        Assert.Single(run.Result.GeneratedSources);
    }

    [Fact]
    public void Every_fault_is_reported_at_once()
    {
        GeneratorRun run = GeneratorHarness.Run("using Backprop; [Network(0, BatchSize = -1)] [Dense(-1, Activation.Softmax)] [Dense(0)] class Net { int Spec; }");
        Assert.Equal(["BP0001", "BP0005", "BP0003", "BP0007", "BP0003", "BP0010", "BP0019"], run.Diagnostics.Select(found => found.Id));
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp11)]
    [InlineData(LanguageVersion.CSharp8)]
    [InlineData(LanguageVersion.CSharp7_3)]
    public void An_old_language_is_reported(LanguageVersion version)
    {
        HarnessOptions options = HarnessOptions.Strict with { LanguageVersion = version, Nullable = NullableContextOptions.Disable };
        GeneratorRun run = GeneratorHarness.Run(options, "using Backprop; [Network(3)] [Dense(2)] partial class Net { }");
        Diagnostic found = Assert.Single(run.Problems);
        Assert.Equal("BP0024", found.Id);
        Assert.Contains(version.ToDisplayString(), found.GetMessage(null));
    }

    [Fact]
    public void An_old_platform_is_reported()
    {
        // A platform and a runtime of the test's own: the platform has no vectors.
        const string source = """
            namespace System { public class Object { } public abstract class ValueType { } public class String { } public class Attribute { } public struct Void { } public struct Int32 { } public struct Boolean { }
                public abstract class Enum : ValueType { } public class AttributeUsageAttribute : Attribute { public AttributeUsageAttribute(AttributeTargets t) { } public bool AllowMultiple { get; set; } public bool Inherited { get; set; } }
                public enum AttributeTargets { All } }
            namespace Backprop { public class NetworkAttribute : System.Attribute { public NetworkAttribute(int inputs) { } } public class DenseAttribute : System.Attribute { public DenseAttribute(int units) { } } }
            [Backprop.Network(3)] [Backprop.Dense(2)] partial class Net { }
            """;
        HarnessOptions options = HarnessOptions.Strict;
        GeneratorRun run = GeneratorHarness.Run(GeneratorHarness.Compile(options, source).WithReferences(), options);
        Assert.Equal(["BP0025"], run.Diagnostics.Select(found => found.Id));
        Assert.Empty(run.Result.GeneratedSources);
    }

    [Fact]
    public void A_runtime_behind_an_alias_is_reported()
    {
        HarnessOptions options = HarnessOptions.Strict with { RuntimeAlias = "Networks" };
        const string source = "extern alias Networks; using Networks::Backprop; [Network(3)] [Dense(2)] partial class Net;";
        Assert.Equal("BP0026", Assert.Single(GeneratorHarness.Run(options, source).Problems).Id);
    }

    /// <summary>What C# refuses whatever is added to it: the compiler's errors stay alone, and all of them in the user's text.</summary>
    [Theory]
    [InlineData("protected partial class Net;", "CS1527")]
    [InlineData("partial class Net; partial struct Net { }", "CS0261")]
    [InlineData("partial class Net; enum Net { }", "CS0101")]
    [InlineData("partial class Net; namespace Net { class Inner; }", "CS0101")]
    [InlineData("partial class Net { class Net; }", "CS0542")]
    [InlineData("partial class ;", "CS1001")]
    public void What_the_compiler_refuses_is_left_to_it(string type, string id)
    {
        GeneratorRun run = GeneratorHarness.Run($"using Backprop; {Sound} {type}");
        Assert.Equal([id], run.Problems.Select(found => found.Id));
        Assert.Empty(run.Result.GeneratedSources);
    }

    [Fact]
    public void Can_be_suppressed_in_source()
    {
        GeneratorRun run = GeneratorHarness.Run("[Backprop.Dense(3)] class Net;\n#pragma warning disable BP0018\n[Backprop.Dense(3)] class Silent;");
        Assert.Single(run.Diagnostics);
    }
}
