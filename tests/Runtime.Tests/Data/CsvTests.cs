using System.Globalization;
using System.Text;
using Backprop;

namespace Runtime.Tests.Data;

public class CsvTests
{
    private static Dataset Read(string text, CsvOptions? options = null) => Dataset.FromCsv(new StringReader(text), options, "x.csv");

    private static readonly CsvOptions s_number = new() { Label = LabelKind.Number };

    [Fact]
    public void ReadsClasses()
    {
        Dataset data = Read("1,2.5,b\n-3,4e-1,a\r\n\n 5 , 6 , b \n");
        Assert.Equal((3, 2, 2), (data.Count, data.InputSize, data.OutputSize));
        Assert.Equal([1, 2.5f, -3, 0.4f, 5, 6], data.Inputs.ToArray());
        Assert.Equal([0, 1, 1, 0, 0, 1], data.Targets.ToArray());
        Assert.Equal(["a", "b"], data.ClassNames);
        Assert.Equal(1, data.ClassOf(2));
    }

    [Fact]
    public void IntegerClassesAreOrderedByValue()
    {
        Assert.Equal(["2", "9", "10"], Read("0,10\n0,9\n0,2\n").ClassNames);
        Assert.Equal(["10", "2", "x"], Read("0,10\n0,x\n0,2\n").ClassNames);
    }

    [Fact]
    public void LabelsAreNamesOrPlacesOfGivenClasses()
    {
        var options = new CsvOptions { Classes = ["setosa", "versicolor", "virginica"] };
        Dataset data = Read("0,2\n0,setosa\n", options);
        Assert.Equal([0, 0, 1, 1, 0, 0], data.Targets.ToArray());
        Assert.Equal(options.Classes, data.ClassNames);
    }

    [Fact]
    public void PlacesAreRefusedWhereNamesAreIntegers()
    {
        var e = Assert.Throws<DataFormatException>(() => Read("0,1\n0,0\n", new CsvOptions { Classes = ["1", "2"] }));
        Assert.Equal((2, 2), (e.Line, e.Column));
    }

    [Fact]
    public void ReadsNumbersToBePredicted()
    {
        Dataset data = Read("7;1;2\n8;3;4\n", s_number with { LabelColumn = 0, Separator = ';' });
        Assert.Equal([1, 2, 3, 4], data.Inputs.ToArray());
        Assert.Equal([7, 8], data.Targets.ToArray());
        Assert.Null(data.ClassNames);
    }

    [Fact]
    public void SkipsLinesAndHeader()
    {
        var options = s_number with { SkipLines = 2, HasHeader = true, LabelColumn = ^2 };
        Dataset data = Read("# any, thing\n\nx,label,y\n1,2,3\n", options);
        Assert.Equal([1, 3], data.Inputs.ToArray());
        Assert.Equal([2], data.Targets.ToArray());
    }

    [Fact]
    public void ReadsQuotedFields()
    {
        Dataset data = Read("\"1\",\"a, b\"\n2, \"say \"\"c\"\"\" \n3,\"\"\n", new CsvOptions { Classes = ["a, b", "say \"c\"", ""] });
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(data.ClassOf));
    }

    [Fact]
    public void ReadsTabsAndSpacesAsSeparators()
    {
        Assert.Equal([1, 2], Read("1\t2\t3\n", s_number with { Separator = '\t' }).Inputs.ToArray());
        Assert.Equal([1, 2], Read("1 2 3\n", s_number with { Separator = ' ' }).Inputs.ToArray());
    }

    [Fact]
    public void DoesNotDependOnTheCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            Assert.Equal([1.5f], Read("1.5,2\n", s_number).Inputs.ToArray());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void ReadsStreamsAndFiles()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. "1,ä\n"u8];
        using var stream = new MemoryStream(bytes);
        Assert.Equal(["ä"], Dataset.FromCsv(stream).ClassNames);
        Assert.True(stream.CanRead);

        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            Assert.Equal([1], Dataset.FromCsv(path).Inputs.ToArray());
            File.WriteAllText(path, "1,2\nx,2\n");
            Assert.StartsWith($"{Path.GetFileName(path)}, line 2, column 1:", Assert.Throws<DataFormatException>(() => Dataset.FromCsv(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("1,2,a\n1,x,a\n", 2, 2, "found 'x'")]
    [InlineData("1,2,a\n\n1,,a\n", 3, 2, "found nothing")]
    [InlineData("1,NaN,a\n", 1, 2, "found 'NaN'")]
    [InlineData("Infinity,1,a\n", 1, 1, "found 'Infinity'")]
    [InlineData("1,1e99,a\n", 1, 2, "found '1e99'")]
    [InlineData("1,\"1,5\",a\n", 1, 2, "found '1,5'")]
    [InlineData("1,2,a\n1,a\n", 2, 3, "expected 3 fields, as in the first sample, found 2")]
    [InlineData("1,2,a\n1,2,3,a\n", 2, 4, "expected 3 fields, as in the first sample, found 4")]
    [InlineData("1,2,\n", 1, 3, "expected a class")]
    [InlineData("1,\"2,a\n", 1, 2, "closing quote")]
    [InlineData("1,\"2\"3,a\n", 1, 2, "expected ',' after the closing quote, found '3'")]
    [InlineData("a\n", 1, 0, "at least one input and a label")]
    [InlineData("1;2;a\n", 1, 0, "at least one input and a label")]
    [InlineData("", 1, 0, "at least one sample")]
    [InlineData("\n \n", 3, 0, "at least one sample")]
    public void ErrorsNameLineAndColumn(string text, int line, int column, string message)
    {
        var e = Assert.Throws<DataFormatException>(() => Read(text));
        Assert.Equal((line, column, "x.csv"), (e.Line, e.Column, e.FileName));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Contains($"x.csv, line {line}{(column > 0 ? $", column {column}" : "")}: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LinesAreCountedFromTheTopOfTheFile()
    {
        var e = Assert.Throws<DataFormatException>(() => Read("skipped\nheader\n1,2\nx,2\n", new CsvOptions { SkipLines = 1, HasHeader = true }));
        Assert.Equal((4, 1), (e.Line, e.Column));
    }

    [Fact]
    public void UnknownClassesAreRefused()
    {
        var options = new CsvOptions { Classes = ["a", "b"] };
        foreach (string label in new[] { "c", "2", "-1", "A", "" })
        {
            var e = Assert.Throws<DataFormatException>(() => Read($"0,a\n0,{label}\n", options));
            Assert.Equal((2, 2), (e.Line, e.Column));
            Assert.Contains("a, b", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AColumnOfNumbersIsNotTakenForClasses()
    {
        string text = string.Concat(Enumerable.Range(0, 1001).Select(i => $"0,{i}\n"));
        var e = Assert.Throws<DataFormatException>(() => Read(text));
        Assert.Equal((1001, 2), (e.Line, e.Column));
        Assert.Equal(1001, Read(text, s_number).Count);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void TheLabelColumnHasToBeThere(int place, bool fromEnd)
    {
        var e = Assert.Throws<DataFormatException>(() => Read("1,2,3\n", new CsvOptions { LabelColumn = new Index(place, fromEnd) }));
        Assert.Contains("found 3 fields", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongOptionsAreNamed()
    {
        void Refused(string text, CsvOptions options) =>
            Assert.Contains(text, Assert.Throws<ArgumentException>(() => Read("1,2\n", options)).Message, StringComparison.Ordinal);
        Refused("SkipLines", new CsvOptions { SkipLines = -1 });
        Refused("Separator", new CsvOptions { Separator = '"' });
        Refused("Label", new CsvOptions { Label = (LabelKind)5 });
        Refused("Classes", new CsvOptions { Classes = [] });
        Refused("twice", new CsvOptions { Classes = ["a", "a"] });
        Refused("Classes", s_number with { Classes = ["a"] });
    }
}
