using System.Text;

namespace Generator.Tests.Mutations;

/// <summary>Draws declarations of networks: kinds, modifiers, names, nesting, bases and members, alone and several together.</summary>
internal sealed class ShapeMutations(Random random)
{
    private static readonly string[] s_names =
    [
        "Net", "Net", "Net", "NET", "net", "@class", "@event", "@partial", "@record", "@await", "@var", "Größe", "Сеть", "网络", "\\u0041bc", "_", "_1", "Net_1", "@static", "@global", "@nint", "@dynamic", "@value", "@field",
        "System", "Backprop", "Span", "Single", "Object", "Network", "Dense", "INetwork", "NetworkSpec", "Vector512", "Unsafe", "MathF", "Kernels", "Numerics", "TSelf", "TOptimizer", "Item", "inputs", "Lanes512",
        "Spec", "Forward", "WidestKernels", "ScalarKernels", "InputSize", "Create", "Finalize", "ToString", "Equals", "Á", "Á",
    ];

    private static readonly string[] s_namespaces = ["", "", "", "A", "A.B", "a", "@class.@int", "System", "Backprop", "Backprop.Kernels", "System.Runtime", "Größe.Сеть", "Net", "Net.Net"];

    private static readonly string[] s_modifiers = ["public", "internal", "private", "protected", "sealed", "abstract", "static", "file", "unsafe", "new", "readonly", "ref", "async", "extern", "required"];

    private static readonly string[] s_kinds = ["struct", "record", "record struct", "record class", "interface", "enum", "delegate", "readonly struct", "ref struct"];

    private static readonly string[] s_bases =
    [
        " : object", " : System.Exception", " : System.IDisposable", " : Bases.Plain", " : Bases.Taking", " : Bases.Closed", " : Bases.Demanding", " : Bases.Hiding", " : Bases.Abstract", " : Bases.Generic<int>",
        " : Absent", " : INetwork<Net>", " : Backprop.Kernels.IGradientSource", " : System.Collections.Generic.List<int>", " : System.Attribute", " : Net", " : System.ValueType", " : dynamic", " : int", " : System.MarshalByRefObject", " :",
    ];

    private static readonly string[] s_members =
    [
        "public int Own;", "public const int Own = 3;", "private float[] _parameters = [];", "public int Spec => 3;", "public void Forward() { }", "public void Forward(System.ReadOnlySpan<float> a, System.Span<float> b) { }",
        "public required int Must { get; init; }", "public NAME(string a) { }", "public NAME(string a) : this(3) { }", "public NAME(int a) { }", "public NAME(int a, int b) { }", "static NAME() { }", "~NAME() { }", "class System { }", "class Backprop { }",
        "class Vector512Kernels { }", "enum Single { A }", "interface INetwork { }", "class NAME2 { }", "public static NAME operator +(NAME a, NAME b) => a;", "public event System.Action Happened = null!;", "public int this[int i] => i;",
        "public override string ToString() => \"\";", "public partial void Later();", "public static implicit operator int(NAME a) => 3;", "public float ComputeLoss(float a) => a;", "public delegate void Shapes();", "public static int InputSize;",
        "[Dense(4)] class Inner;", "[Network(1), Dense(1)] public partial class Inner;", "public static NAME Create(int seed) => null!;", "public void TrainStep<T>(T a) { }", "void System.IDisposable.Dispose() { }", "int x", "}", "public NAME Net => this;", "fixed float F[3];",
        "[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)] struct Layout { }", "public float ReadOnlySpan, Span, BpOwn;", "private static readonly object global = new();", "public string? Nullable;",
    ];

    private static readonly string[] s_specifications =
    [
        "[Network(1)] [Dense(1)]", "[Network(1)] [Dense(1)]", "[Network(1)] [Dense(1)]", "[Network(1), Dense(1)]", "[Network(2, Loss = Loss.CrossEntropy)] [Dense(2, Activation.Softmax)]", "[Network(0)] [Dense(1)]", "[Network(1)]", "[Dense(1)]",
        "[Backprop.Network(1)] [Backprop.Dense(1)]", "[global::Backprop.NetworkAttribute(1)] [System.Obsolete] [global::Backprop.DenseAttribute(1)]",
        "[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential)] [Network(1)] [Dense(1)]", "[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)] [Network(1)] [Dense(1)]",
        "[System.CLSCompliant(true)] [Network(1)] [Dense(1)]", "[System.Obsolete(\"old\", true)] [Network(1)] [Dense(1)]", "[System.Diagnostics.CodeAnalysis.Experimental(\"X1\")] [Network(1)] [Dense(1)]",
    ];

    private const string Bases = """
        namespace Bases
        {
            public class Plain { }
            public class Taking { public Taking(int x) { } }
            public sealed class Closed { }
            public class Demanding { public required int Must { get; init; } }
            public class Hiding { public int Spec => 3; public virtual void Forward(System.ReadOnlySpan<float> a, System.Span<float> b) { } }
            public abstract class Abstract { public abstract int Absent(); }
            public class Generic<T> { }
        }
        """;

    /// <summary>A project of one or two files.</summary>
    public string[] Draw()
    {
        var first = new StringBuilder("using Backprop;\n");
        string[] names = [Pick(s_names), Pick(s_names)];
        int count = Chance(0.7) ? 1 : random.Next(2, 4);
        for (int i = 0; i < count; i++)
            first.Append(Declaration(names[random.Next(2)])).Append('\n');
        first.Append(Bases);
        // Another part of the same class, or a neighbour of its name.
        return Chance(0.2) ? [first.ToString(), $"using Backprop;\n{Declaration(names[0])}"] : [first.ToString()];
    }

    private string Declaration(string name)
    {
        string text = Type(name, $"{Pick(s_specifications)}{Pick(["\n", " "])}", nested: false);
        for (int depth = Chance(0.7) ? 0 : random.Next(1, 4); depth > 0; depth--)
            text = Type(Chance(0.5) ? $"Outer{depth}" : Pick(s_names), "", nested: true).Replace("BODY", text);
        string @namespace = Pick(s_namespaces);
        return @namespace.Length == 0 ? text : $"namespace {@namespace} {{ {text} }}";
    }

    private string Type(string name, string attributes, bool nested)
    {
        string modifiers = string.Concat(Enumerable.Range(0, Chance(0.7) ? 0 : random.Next(1, 3)).Select(_ => Pick(s_modifiers) + " "));
        string kind = Chance(0.85) ? "class" : Pick(s_kinds);
        string parameters = Chance(0.04) ? Pick(["<T>", "<in T>", "<T, U>", "<>"]) : "";
        string primary = Chance(0.04) ? Pick(["()", "(int a)", "(", "(string a = \"\")"]) : "";
        string bases = Chance(0.15) ? Pick(s_bases) : "";
        string partial = Chance(0.94) ? "partial " : "";
        var body = new StringBuilder();
        for (int i = nested || Chance(0.75) ? 0 : random.Next(1, 4); i > 0; i--)
            body.Append(' ').Append(Pick(s_members).Replace("NAME", name));
        if (nested)
            body.Append(" BODY");
        string end = body.Length == 0 && Chance(0.5) ? ";" : $" {{{body} }}";
        return $"{attributes}{modifiers}{partial}{kind} {name}{parameters}{primary}{bases}{end}";
    }

    private bool Chance(double probability) => random.NextDouble() < probability;

    private string Pick(string[] items) => items[random.Next(items.Length)];
}
