using Backprop.Generator.Planning;

namespace Generator.Tests.Planning;

/// <summary>How the rows of a gradient are covered by tiles.</summary>
public class TileRunTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(1)]
    public void Runs_cover_every_row_once_with_tiles_that_fit(int most)
    {
        for (int rows = 1; rows <= 100; rows++)
        {
            IReadOnlyList<TileRun> runs = TileRun.Of(rows, most);
            Assert.Equal(Enumerable.Range(0, rows), runs.SelectMany(run => Enumerable.Range(run.First, run.Tiles * run.Rows)));
            Assert.All(runs, run => Assert.Equal(run.First + run.Tiles * run.Rows, run.End));
            Assert.All(runs, run => Assert.InRange(run.Rows, 1, most));
        }
    }

    [Theory]
    [InlineData(784, 6, "130×6 1×4")]
    [InlineData(128, 6, "20×6 2×4")]
    [InlineData(8, 6, "2×4")]
    [InlineData(2, 6, "1×2")]
    [InlineData(6, 6, "1×6")]
    [InlineData(10, 8, "1×8 1×2")]
    public void Eight_rows_at_the_end_are_twice_four(int rows, int most, string expected) =>
        Assert.Equal(expected, string.Join(" ", TileRun.Of(rows, most).Select(run => $"{run.Tiles}×{run.Rows}")));
}
