using System.Text.RegularExpressions;
using Backprop;
using Generator.Tests.Infrastructure;
using Generator.Tests.Planning;
using Runtime.Tests.Differential;

namespace Generator.Tests.Emitting;

/// <summary>A tile's sums stay in registers beside what a step reads. Otherwise each step waits for memory, with the same results.</summary>
public partial class TileRegistersTests
{
    [Fact]
    public void Sums_and_what_a_step_reads_fit_the_registers()
    {
        // Panels of 64 and of 48 units in one layer; three units of many inputs.
        NetworkSpec[] narrow = [Spec(100, 112, 3), Spec(90, 3), Spec(48, 24, 3)];
        int tiles = 0;
        foreach (NetworkSpec spec in narrow.Concat(Specs.Named.Values).Concat(RandomSpecs.Draw(seed: 5, count: 30)))
        {
            foreach (GeneratedTile tile in Tiles(spec))
            {
                Assert.True(tile.Sums + tile.Read <= tile.Registers, $"{tile.Name} of {spec}: {tile.Sums} sums and {tile.Read} numbers and vectors beside them for {tile.Registers} registers.");
                tiles++;
            }
        }
        Assert.InRange(tiles, 1000, int.MaxValue);
    }

    /// <summary>The head of a file says once what neighbouring layers are alike in.</summary>
    [Fact]
    public void The_head_names_layers_that_are_alike_once()
    {
        string kernels = GeneratorHarness.Run($"using Backprop; {NetworkSource.Declare(Specs.Named["W7"], "Net")}").File("Net.Vector512.g.cs");
        Assert.Equal(["// Layers 1 to 4, 128 → 128", "// Layer 5, 128 → 10"], kernels.Split('\n').Where(line => line.StartsWith("// Layer")).Select(line => line[..line.IndexOfAny([':', ','], line.IndexOf('→'))]));
    }

    /// <summary>Where more stores would wait at once than a processor holds, each row of sums has its last step and its stores together.</summary>
    [Theory]
    [InlineData("Vector512", "Tile6x64", true)] // 24 sums
    [InlineData("Vector512", "Tile4x64", false)] // serves once
    [InlineData("Vector512", "Tile3x64", false)]
    [InlineData("Vector512", "WeightGradientTile6x64", true)]
    [InlineData("Vector256", "Tile6x16", false)] // 12
    public void A_tile_of_many_sums_ends_row_by_row(string width, string name, bool byRows)
    {
        string kernels = GeneratorHarness.Run($"using Backprop; {NetworkSource.Declare(Spec(100, 128, 64), "Net")}").File($"Net.{width}.g.cs");
        string body = TileMethods().Matches(kernels).Single(method => method.Groups["name"].Value == name).Groups["body"].Value;
        Assert.Equal(byRows, body.Contains(" - 1; k++)"));
        Assert.Equal(byRows, body.Contains("AddAnd"));
    }

    private static NetworkSpec Spec(int inputs, params int[] units) => new(inputs, units.Select(count => new DenseSpec(count, Activation.ReLU)));

    private sealed record GeneratedTile(string Name, int Sums, int Read, int Registers);

    private static IEnumerable<GeneratedTile> Tiles(NetworkSpec spec) =>
        from file in GeneratorHarness.Run($"using Backprop; {NetworkSource.Declare(spec, "Net")}").Result.GeneratedSources
        let width = WidthOf().Match(file.HintName)
        where width.Success
        from Match method in TileMethods().Matches(file.SourceText.ToString())
        let body = method.Groups["body"].Value
        select new GeneratedTile(
            $"{width} {method.Groups["name"]}", Sums().Matches(body).Select(sum => sum.Value).Distinct().Count(), MostAlive(body.Split('\n')), width.Value == "Vector512" ? 32 : 16);

    // The most variables of a step that one of its lines has alive: declared there or before, and used there or after. Steps have variables of the same names.
    private static int MostAlive(string[] lines)
    {
        var alive = new HashSet<string>();
        int most = 0;
        foreach (string line in lines.Reverse())
        {
            alive.UnionWith(Names().Matches(line).Select(name => name.Value));
            most = Math.Max(most, alive.Count);
            if (StepVariables().Match(line) is { Success: true } declared)
                alive.Remove(declared.Groups["name"].Value);
        }
        return most;
    }

    [GeneratedRegex(@"Vector(128|256|512)")]
    private static partial Regex WidthOf();

    [GeneratedRegex(@"private static void (?<name>(WeightGradient)?(Tile|Dots|OfUnits)\d\w*)[<(].*?\n        \{(?<body>.*?)\n        \}", RegexOptions.Singleline)]
    private static partial Regex TileMethods();

    [GeneratedRegex(@"\bz\d+_\d+(_\d+)?\b")]
    private static partial Regex Sums();

    // Of inputs, weights, a and δ.
    [GeneratedRegex(@"\b[xwad]\d+(_\w+)?\b")]
    private static partial Regex Names();

    [GeneratedRegex(@"\bvar (?<name>\w+) = ")]
    private static partial Regex StepVariables();
}
