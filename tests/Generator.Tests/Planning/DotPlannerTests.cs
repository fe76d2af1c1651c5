using Backprop;
using Backprop.Generator.Planning;

namespace Generator.Tests.Planning;

/// <summary>Layers along their inputs: which these are, and that their loops and tiles pass over all of them.</summary>
public class DotPlannerTests
{
    private static IEnumerable<DotLayout> Layouts =>
        from units in Enumerable.Range(1, 12)
        from inputs in Enumerable.Range(17, 300).Concat([784, 1000, 1024, 1030, 1040, 1100, 2049])
        from layout in (DotLayout?[])[Of(inputs, units), Behind(inputs, units)]
        where layout is not null
        select layout;

    [Theory]
    [InlineData(16, 1, false), InlineData(17, 1, true), InlineData(100_000, 1, true)]
    [InlineData(31, 2, false), InlineData(32, 2, true), InlineData(100_000, 4, true)]
    [InlineData(63, 5, false), InlineData(64, 12, true), InlineData(784, 10, true), InlineData(100, 13, false)]
    [InlineData(816, 10, true), InlineData(817, 10, false)] // 8,192 weights, padding included
    public void Few_units_of_many_inputs_lie_along_them(int inputs, int units, bool expected) => Assert.Equal(expected, Of(inputs, units) is not null);

    /// <summary>Behind another layer, two vectors of inputs are enough, of which the second is full unless units are very few.</summary>
    [Theory]
    [InlineData(16, 1, false), InlineData(17, 1, true), InlineData(17, 6, true), InlineData(31, 7, false), InlineData(32, 7, true), InlineData(33, 12, true), InlineData(32, 13, false)]
    [InlineData(817, 10, false), InlineData(5000, 4, true)]
    public void So_does_the_last_layer_of_several(int inputs, int units, bool expected) => Assert.Equal(expected, Behind(inputs, units) is not null);

    /// <summary>Only the last does.</summary>
    [Theory]
    [InlineData("100 1 1", false), InlineData("8 256 1", true), InlineData("16 32 32 8", true), InlineData("64 32 10", true), InlineData("5 32 32 2", true)]
    [InlineData("784 30 10", false), InlineData("784 100 10", true)]
    public void A_network_has_at_most_one(string sizes, bool expected)
    {
        NetworkPlan plan = PlanOf(sizes, Activation.ReLU);
        Assert.All(plan.Hidden, layer => Assert.Null(layer.Dots));
        Assert.Equal(expected, plan.Dots is not null);
    }

    /// <summary>A full slice may have its samples in the lanes all the same: 40 of 48 lanes are units behind 8 inputs.</summary>
    [Theory]
    [InlineData("8 40 3"), InlineData("12 50 50 4"), InlineData("50 25 1")]
    public void Samples_are_in_the_lanes_whichever_way_weights_lie(string sizes)
    {
        NetworkPlan plan = PlanOf(sizes, Activation.ReLU);
        Assert.NotNull(plan.Dots);
        Assert.All(plan.Widths, width => Assert.Equal(width.Width.Lanes > 1, width.FullSlices is not null));
    }

    /// <summary>Each vector of each unit's row is in one run, at the place that the layout has for it.</summary>
    [Fact]
    public void Runs_are_all_inputs_in_order()
    {
        foreach (DotLayout layout in Layouts)
        {
            foreach (int most in (int[])[64, PanelLayout.MaxBlockLength, int.MaxValue])
            {
                int input = 0, offset = 0;
                DotRun[] runs = [.. DotRun.Of(layout, most)];
                foreach (DotRun run in runs)
                {
                    Assert.Equal((input, offset), (run.FirstInput, run.Offset));
                    Assert.InRange(run.RowWidth, 16, layout.Units == 1 ? most : 64);
                    Assert.Equal(run.HasTail ? run.RowWidth - 16 : run.RowWidth, run.Width);
                    input += run.Panels * run.Width;
                    offset += run.Panels * run.RowWidth * layout.Units;
                }
                Assert.Equal(layout.Inputs - layout.Tail, input);
                Assert.Equal(layout.BiasOffset, offset);
                Assert.Equal(layout.Tail > 0, runs[^1].HasTail);
                Assert.All(runs[..^1], run => Assert.False(run.HasTail));
            }
        }
    }

    [Fact]
    public void Tiles_leave_registers_and_end_with_a_single_sample()
    {
        foreach (VectorWidth width in VectorWidth.All)
        {
            foreach (DotLayout layout in Layouts)
            {
                int[] rows = DotPlanner.RowTiles(width, layout);
                Assert.Equal(1, rows[^1]);
                Assert.Equal(rows.OrderDescending(), rows);
                Assert.InRange(rows[0] * layout.Units, 1, width.Registers - 3);
                for (int vectors = 1; vectors <= 8; vectors++)
                {
                    int columns = DotPlanner.GradientColumns(width, layout, vectors);
                    Assert.Equal(0, vectors % columns);
                    Assert.InRange(columns * layout.Units, 1, width.Registers - 3);
                }
            }
        }
    }

    /// <summary>A batch turns round the weights of layers whose units fill at most half of a vector, if rows of their inputs are whole vectors.</summary>
    [Theory]
    [InlineData(16, "8 256 1", ""), InlineData(16, "8 256 1 9", "2"), InlineData(16, "16 32 8 32", "2"), InlineData(16, "16 31 8 31", ""), InlineData(16, "64 32 10 64", "")]
    [InlineData(16, "64 4 9", "1"), InlineData(16, "65 4 9", ""), InlineData(16, "20 70 3 40 2", "2"), InlineData(16, "4 16 3", "")]
    [InlineData(8, "8 256 4 9", "2"), InlineData(8, "8 256 5 9", ""), InlineData(4, "8 256 1 9", ""), InlineData(1, "8 256 1 9", "")]
    public void Layers_of_few_units_are_turned(int lanes, string sizes, string expected)
    {
        NetworkPlan plan = PlanOf(sizes, Activation.Tanh);
        WidthPlan width = plan.Widths.Single(other => other.Width.Lanes == lanes);
        Assert.Equal(expected, string.Join(' ', plan.Layers.Where(layer => width.Layers[layer.Number - 1].TurnsBatch).Select(layer => layer.Number)));
    }

    private static NetworkPlan PlanOf(string sizes, Activation activation)
    {
        int[] units = [.. sizes.Split(' ').Select(int.Parse)];
        return NetworkPlanner.Plan(new NetworkSpec(units[0], [.. units.Skip(1).Select(count => new DenseSpec(count, activation))]));
    }

    private static DotLayout? Of(int inputs, int units) => DotPlanner.LayoutOf(new NetworkSpec(inputs, [new DenseSpec(units, Activation.Identity)]));

    private static DotLayout? Behind(int inputs, int units) =>
        DotPlanner.LayoutOf(new NetworkSpec(100, [new DenseSpec(inputs, Activation.ReLU), new DenseSpec(units, Activation.Identity)]));
}
