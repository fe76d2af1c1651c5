using Backprop;
using Backprop.Generator.Planning;

namespace Generator.Tests.Planning;

/// <summary>The register tiles of every panel at every width.</summary>
public class TilePlannerTests
{
    public static TheoryData<int> Widths => new(VectorWidth.All.Select(width => width.Lanes));

    [Fact]
    public void There_is_a_width_for_each_vector_and_for_none() => Assert.Equal([16, 8, 4, 1], VectorWidth.All.Select(width => width.Lanes));

    [Theory, MemberData(nameof(Widths))]
    public void Tiles_cover_their_panel_with_whole_columns(int lanes) => ForEach(lanes, (_, panelWidth, tile) =>
    {
        Assert.InRange(tile.Lanes, 1, lanes);
        Assert.InRange(tile.Columns, 1, int.MaxValue);
        Assert.Equal(0, panelWidth % tile.Width);
    });

    /// <summary>Greedily, any number of rows: so the rows fall from tile to tile, and the last is 1.</summary>
    [Theory, MemberData(nameof(Widths))]
    public void Tiles_cover_any_number_of_rows(int lanes) => ForEach(lanes, (_, _, tile) =>
    {
        Assert.Equal(tile.RowTiles.OrderDescending().Distinct(), tile.RowTiles);
        Assert.Equal(1, tile.RowTiles.Last());
        Assert.Equal(tile.RowTiles.First(), tile.Rows);
    });

    /// <summary>The accumulators, a row of loads and a broadcast are in registers at once; what spills is many times slower.</summary>
    [Theory, MemberData(nameof(Widths))]
    public void Tiles_fit_the_registers(int lanes) => ForEach(lanes, (width, _, tile) =>
        Assert.InRange((tile.Rows + 1) * tile.Columns + 1, 1, width.Registers));

    /// <summary>The multiply-add units have work as long as the main tile has enough accumulators, split or not.</summary>
    [Theory, MemberData(nameof(Widths))]
    public void Chains_are_enough(int lanes) => ForEach(lanes, (_, _, tile) =>
    {
        foreach (int rows in tile.RowTiles)
        {
            int accumulators = rows * tile.Columns, splits = TilePlanner.Splits(accumulators, steps: 64);
            Assert.InRange(accumulators * splits, TilePlanner.Chains, Math.Max(accumulators, 2 * TilePlanner.Chains - 1));
            Assert.Equal(splits, TilePlanner.Splits(accumulators, steps: 61));
            Assert.Equal(1, TilePlanner.Splits(accumulators, steps: 61, leavesRest: false));
        }
    });

    /// <summary>With the samples in the lanes, tiles of a product's outputs are as even as can be.</summary>
    [Theory]
    [InlineData(16, 3, 20, 3)]
    [InlineData(16, 8, 20, 8)]
    [InlineData(16, 9, 20, 5)]
    [InlineData(16, 33, 20, 7)]
    [InlineData(8, 33, 20, 6)]
    [InlineData(8, 7, 20, 4)]
    [InlineData(16, 16, 4, 4)]
    public void Outputs_in_the_lanes_have_even_tiles(int lanes, int outputs, int inputs, int expected)
    {
        VectorWidth width = VectorWidth.All.Single(width => width.Lanes == lanes);
        int rows = TilePlanner.OutputsInLanes(width, outputs, inputs);
        Assert.Equal(expected, rows);
        Assert.InRange((rows + 1) * TilePlanner.VectorsInLanes + 1, 1, width.Registers);
    }

    /// <summary>A few steps are not split so that more are left than rounds gain.</summary>
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(7, 1)]
    [InlineData(9, 2)]
    [InlineData(12, 4)]
    [InlineData(18, 4)]
    [InlineData(31, 4)]
    [InlineData(33, 8)]
    public void Few_steps_are_split_less(int steps, int splits) => Assert.Equal(splits, TilePlanner.Splits(accumulators: 1, steps));

    /// <summary>
    /// A single row's accumulators cover as much of the panel as registers allow, beside a number and a product; what it covers in
    /// several runs are equal parts.
    /// </summary>
    [Theory, MemberData(nameof(Widths))]
    public void A_single_row_has_a_tile_as_wide_as_fits(int lanes) => ForEach(lanes, (width, panelWidth, tile) =>
    {
        TilePlan row = TilePlanner.ForRow(width, new PanelLayout(1, panelWidth, Bias: true), panelWidth);
        Assert.Equal([1], row.RowTiles);
        Assert.Equal(0, panelWidth % row.Width);
        Assert.InRange(row.Width, tile.Width, panelWidth);
        Assert.InRange(row.Columns + 2, 1, width.Registers);
        Assert.InRange(TilePlanner.OuterProductRows(row) * row.Columns, row.Columns, 16);
    });

    [Fact]
    public void A_row_of_256_bits_reads_panels_of_64_units_at_once() =>
        Assert.Equal(64, TilePlanner.ForRow(VectorWidth.All.Single(width => width.Bits == 256), new PanelLayout(784, 128, Bias: true), 64).Width);

    /// <summary>Weights are read as rarely as can be.</summary>
    [Theory]
    [InlineData(512, 64, "6 6 6 6 6 6 6 6 6 6 4")]
    [InlineData(512, 7, "4 3")]
    [InlineData(512, 8, "4 4")]
    [InlineData(512, 11, "6 3 2")]
    [InlineData(512, 1, "1")]
    [InlineData(256, 7, "3 2 2")]
    [InlineData(256, 8, "6 2")]
    [InlineData(256, 4, "2 2")]
    public void Rows_are_covered_by_few_tiles(int bits, int rows, string expected)
    {
        var layout = new PanelLayout(1, 64, Bias: true);
        TilePlan tile = TilePlanner.ForPanel(VectorWidth.All.Single(width => width.Bits == bits), layout, layout.Width(0));
        var cover = new List<int>();
        for (int left = rows; left > 0; left -= cover[^1])
            cover.Add(tile.Next(left));
        Assert.Equal(expected, string.Join(" ", cover));
    }

    private static void ForEach(int lanes, Action<VectorWidth, int, TilePlan> check)
    {
        VectorWidth width = VectorWidth.All.Single(candidate => candidate.Lanes == lanes);
        for (int units = 1; units <= 400; units++)
        {
            var layout = new PanelLayout(1, units, Bias: true);
            foreach (PanelGroup group in PanelGroup.Of(layout))
                check(width, group.Width, TilePlanner.ForPanel(width, layout, group.Width));
        }
    }
}
