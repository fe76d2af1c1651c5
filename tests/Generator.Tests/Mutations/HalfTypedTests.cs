using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit.Abstractions;

namespace Generator.Tests.Mutations;

/// <summary>What an editor sees while a program is typed: the end is missing, a word is, or it is another one.</summary>
public class HalfTypedTests(ITestOutputHelper output)
{
    // Its own members use none that is emitted: what the compiler says of them is the same with these and without.
    private const string Program = """
        using System; using Backprop;
        namespace A.B
        {
            public abstract partial record Outer<T>(int X) { }
            partial interface IOuter
            {
                [Network(1, Loss = Loss.CrossEntropy, Reduction = Reduction.Sum, BatchSize = 32, Unroll = Unroll.Auto)]
                [Dense(units: 1, Activation.ReLU, Bias = false)]
                [Dense(2, activation: Activation.Softmax, Initializer = Initializer.HeNormal)]
                internal sealed partial class Net : Exception, INetwork<Net>
                {
                    public int Own { get; } = 3;
                    public void Forward(float[] inputs) => inputs[0] = Own;
                }
            }
        }
        [Network(2), Dense(1)] partial class Second { public required int Own { get; init; } }
        """;

    /// <summary>What one mutation puts in the place of a token.</summary>
    private static readonly string[] s_replacements =
    [
        "", "null", "default", "\"text\"", "-1", "0", "2147483647", "-2147483648", "99999999999999999999", "1e400", "3.5f", "typeof(int)", "new int[] { 1 }",
        "(", ")", "[", "]", "{", "}", "<", ">", ",", ";", ":", "=", "@", "\\u0", "\"", "/*", "#if", "#error", "\0", "Net", "Second", "Network", "Dense", "Network(3)]\n[Network",
        "Dense(3)] [Dense", "class", "struct", "record", "interface", "enum", "delegate", "static", "abstract", "file", "ref", "unsafe", "partial", "namespace", "sizeof(int)",
        "(Loss)(-1)", "Loss", "Absent.Name", "int", "dynamic", "params", "this", "base", "INetwork<>", "class Net<T>", "\U0001F600",
    ];

    private static readonly SyntaxToken[] s_tokens = [.. CSharpSyntaxTree.ParseText(Program).GetRoot().DescendantTokens()];

    /// <summary>Found by BACKPROP_SEED=15594210: the compiler warns of the field at the end of the emitted constructor.</summary>
    [Theory]
    [InlineData("INetwork<> required int Own { get; init; }")]
    [InlineData("string _name;")]
    public void A_field_that_nothing_sets(string member) =>
        Assert.Empty(Verdict.Of($"using Backprop; [Network(2), Dense(1)] partial class Second {{ {member} }}").Wrong);

    /// <summary>As the text grows: with the last token whole, and with half of it.</summary>
    [Fact]
    public void Text_that_ends_anywhere() =>
        MutationRun.Judge(output, MutationRun.Sample([.. s_tokens.SelectMany(token => new[] { Program[..token.SpanStart], Program[..(token.SpanStart + (token.Span.Length + 1) / 2)] })], otherwise: 40));

    [Fact]
    public void A_token_that_is_not_there() =>
        MutationRun.Judge(output, MutationRun.Sample([.. s_tokens.Select(token => Replace(Program, token, ""))], otherwise: 30));

    [Fact]
    public void Other_tokens_in_the_place_of_some() => MutationRun.Judge(output, MutationRun.Draw(MutationRun.Count(ci: 100, otherwise: 40), random =>
    {
        string text = Program;
        foreach (SyntaxToken token in random.GetItems(s_tokens, random.Next(1, 4)).DistinctBy(token => token.SpanStart).OrderByDescending(token => token.SpanStart))
            text = Replace(text, token, s_replacements[random.Next(s_replacements.Length)]);
        return [text];
    }));

    private static string Replace(string text, SyntaxToken token, string by) => text.Remove(token.SpanStart, token.Span.Length).Insert(token.SpanStart, by);
}
