using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Parsing;

/// <summary>Whatever a user types on the way to a program, neither the generator nor its analyzer throws.</summary>
public class HalfTypedTests
{
    private const string Program = """
        using System; using Backprop;
        namespace A.B
        {
            public abstract partial record Outer<T>(int X) { }
            partial interface IOuter
            {
                [Network(4, Loss = Loss.CrossEntropy, Reduction = Reduction.Sum, BatchSize = 32, Unroll = Unroll.Auto)]
                [Dense(units: 3, Activation.ReLU, Bias = false)]
                [Dense(2, activation: Activation.Softmax, Initializer = Initializer.HeNormal)]
                internal sealed partial class Net : Exception, INetwork<Net>
                {
                    private readonly int _own = InputSize;
                    public Net(string name) : this(name.Length) { }
                    public void Forward(float[] inputs) => Forward(inputs, new float[OutputSize]);
                }
            }
        }
        [Network(A.B.IOuter.Net.OutputSize), Dense(2)] partial class Second { public required int Own { get; init; } }
        """;

    /// <summary>What one mutation puts in the place of a token.</summary>
    private static readonly string[] s_replacements =
    [
        "", "null", "default", "\"text\"", "-1", "0", "2147483647", "-2147483648", "99999999999999999999", "1e400", "3.5f", "typeof(int)", "new int[] { 1 }",
        "(", ")", "[", "]", "{", "}", "<", ">", ",", ";", ":", "=", "@", "\\u0", "\"", "/*", "#if", "#error", "\0", "Net", "Second", "Network", "Dense", "Network(3)]\n[Network",
        "Dense(3)] [Dense", "class", "struct", "record", "interface", "enum", "delegate", "static", "abstract", "file", "ref", "unsafe", "partial", "namespace", "sizeof(int)",
        "(Loss)(-1)", "Loss", "Absent.Name", "int", "dynamic", "params", "this", "base", "INetwork<>", "class Net<T>", "\U0001F600",
    ];

    [Fact]
    public void Text_cut_off_anywhere_is_survived()
    {
        for (int length = 0; length < Program.Length; length += 7)
            Survives(Program[..length]);
    }

    [Fact]
    public void Mutated_text_is_survived()
    {
        const int seed = 20240607;
        var random = new Random(seed);
        SyntaxToken[] tokens = [.. CSharpSyntaxTree.ParseText(Program).GetRoot().DescendantTokens()];
        for (int i = 0; i < 500; i++)
        {
            string text = Program;
            int mutations = random.Next(1, 4);
            foreach (SyntaxToken token in random.GetItems(tokens, mutations).DistinctBy(token => token.SpanStart).OrderByDescending(token => token.SpanStart))
                text = text.Remove(token.SpanStart, token.Span.Length).Insert(token.SpanStart, s_replacements[random.Next(s_replacements.Length)]);
            Survives(text);
        }
    }

    private static void Survives(string text)
    {
        GeneratorRun run = GeneratorHarness.Run(text);
        Assert.True(run.Result.Exception is null, $"{run.Result.Exception}\n{text}");
        Diagnostic? failure = run.Diagnostics.FirstOrDefault(found => found.Id == "AD0001");
        Assert.True(failure is null, $"{failure}\n{text}");
        // Whatever is wrong is wrong in the user's text: emitted files have no error of their own.
        Diagnostic? own = run.Output.GetDiagnostics().FirstOrDefault(found => found.Severity == DiagnosticSeverity.Error
            && found.Location.SourceTree is { } tree && run.Result.GeneratedSources.Any(file => file.SyntaxTree == tree));
        Assert.True(own is null, $"{own}\n{text}");
    }
}
