using System.Globalization;
using Backprop;
using Generator.Tests.Infrastructure;
using Generator.Tests.Planning;
using Runtime.Tests.Differential;

namespace Generator.Tests.Emitting;

/// <summary>The same specification gives the same text on every run and in every culture.</summary>
public class DeterminismTests
{
    // An MSE over seven outputs, so that the text has a fraction.
    private static readonly NetworkSpec s_spec = new(5, [new DenseSpec(20, Activation.SELU), new DenseSpec(7, Activation.GELU)]);

    /// <summary>Runs do not share a driver, so nothing comes from a cache.</summary>
    [Fact]
    public void Runs_give_the_same_text()
    {
        Assert.Equal(Emit(s_spec), Emit(s_spec));
        Assert.Equal(Emit(Specs.Named["W4"]), Emit(Specs.Named["W4"]));
    }

    /// <summary>Whatever a culture does to numbers: the digits, the sign and the separators here are those of no language.</summary>
    [Fact]
    public void Cultures_give_the_same_text()
    {
        string expected = Emit(s_spec);
        CultureInfo before = CultureInfo.CurrentCulture;
        var hostile = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        hostile.NumberFormat.NumberDecimalSeparator = "§";
        hostile.NumberFormat.NumberGroupSeparator = "¤";
        hostile.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = hostile;
            Assert.Equal("~0§5", (-0.5).ToString());
            Assert.Equal(expected, Emit(s_spec));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Lines_end_in_a_line_feed_and_have_no_trailing_blanks()
    {
        foreach (string name in (string[])["W1", "W4", "W6"])
        {
            string text = Emit(Specs.Named[name]);
            Assert.DoesNotContain('\r', text);
            Assert.DoesNotContain('\t', text);
            Assert.DoesNotContain(" \n", text);
        }
    }

    /// <summary>Whatever the user's editor ends lines with; stubs, whose text is written as a whole, too.</summary>
    [Theory]
    [InlineData("[Network(3)]\n[Dense(2)]\npublic\npartial class Net;\n")]
    [InlineData("[Network(0)]\n[Dense(2)]\npublic\npartial class Net;\n")]
    public void Line_ends_of_the_source_make_no_difference(string source)
    {
        string[] texts = [.. new[] { "\n", "\r\n", "\r", "\u2028" }.Select(end => Emit("using Backprop;\n" + source.Replace("\n", end)))];
        Assert.NotEmpty(texts[0]);
        Assert.All(texts, text => Assert.Equal(texts[0], text));
        Assert.DoesNotContain('\r', texts[0]);
    }

    private static string Emit(NetworkSpec spec) => Emit($"using Backprop;\n{NetworkSource.Declare(spec, "Net")}");

    private static string Emit(string source) => string.Concat(GeneratorHarness
        .Run(source).Result.GeneratedSources
        .Select(file => $"{file.HintName}\n{file.SourceText}"));
}
