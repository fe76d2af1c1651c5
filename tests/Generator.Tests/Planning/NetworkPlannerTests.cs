using Backprop;
using Backprop.Generator.Planning;

namespace Generator.Tests.Planning;

/// <summary>What is decided for a network as a whole.</summary>
public class NetworkPlannerTests
{
    [Fact]
    public void Layers_follow_one_another_in_the_parameter_buffer()
    {
        foreach (NetworkSpec spec in Specs.All)
        {
            NetworkPlan plan = NetworkPlanner.Plan(spec);
            int offset = 0, inputs = spec.Inputs;
            foreach (LayerPlan layer in plan.Layers)
            {
                Assert.Equal((offset, inputs), (layer.Offset, layer.Inputs));
                offset += layer.Layout.Length;
                inputs = layer.Units;
            }
            Assert.Equal(offset, plan.ParameterLength);
            Assert.InRange(plan.ParameterLength, spec.ParameterCount, int.MaxValue);
        }
    }

    /// <summary>Equal specifications give equal plans: nothing depends on what was planned before.</summary>
    [Fact]
    public void Plans_are_values() =>
        Assert.All(Specs.All, spec => Assert.Equal(NetworkPlanner.Plan(spec), NetworkPlanner.Plan(new NetworkSpec(spec.Inputs, spec.Layers)
        {
            Loss = spec.Loss,
            Reduction = spec.Reduction,
            BatchSize = spec.BatchSize,
            Unroll = spec.Unroll,
        })));

    /// <summary>The products that are written out for a single sample stay within the budget of one method, at each width.</summary>
    [Fact]
    public void What_is_written_out_keeps_the_budget()
    {
        foreach (NetworkPlan plan in Specs.All.Select(NetworkPlanner.Plan))
        {
            foreach (WidthPlan width in plan.Widths)
            {
                int multiplyAdds = plan.Layers.Where(layer => width.Layers[layer.Number - 1].UnrollsOne)
                    .Sum(layer => layer.Inputs * (layer.Layout.PaddedUnits / width.Layers[layer.Number - 1].Lanes));
                Assert.InRange(multiplyAdds, 0, JitBudget.MultiplyAdds);
            }
        }
    }

    /// <summary>Every product but the largest is written out, at every width of vectors.</summary>
    [Fact]
    public void Full_writes_out_every_product()
    {
        foreach (NetworkPlan plan in Specs.All.Where(spec => spec.Unroll == Unroll.Full).Select(NetworkPlanner.Plan))
        {
            foreach (WidthPlan width in plan.Widths)
            {
                Assert.All(plan.Layers, layer =>
                {
                    LayerSchedule schedule = width.Layers[layer.Number - 1];
                    bool tooLarge = layer.Inputs * (layer.Layout.PaddedUnits / schedule.Lanes) > 16_384;
                    Assert.Equal(width.Width.Lanes == 1 || tooLarge, schedule.TilesOne);
                    Assert.False(schedule.UnrollsOne && schedule.Parts.Count > 0);
                });
            }
        }
    }

    [Fact]
    public void Only_full_splits_products() =>
        Assert.All(Specs.All.Where(spec => spec.Unroll != Unroll.Full).Select(NetworkPlanner.Plan).SelectMany(plan => plan.Widths),
            width => Assert.All(width.Layers, layer => Assert.Empty(layer.Parts)));

    [Fact]
    public void Tiled_writes_no_product_out() =>
        Assert.DoesNotContain(NetworkPlanner.Plan(Specs.Named["wide, tiled"]).Widths.SelectMany(width => width.Layers), layer => layer.UnrollsOne);

    /// <summary>The largest networks that the rules let through are planned without an overflow.</summary>
    [Theory]
    [InlineData(SpecificationRules.MaxSize, 255)]
    [InlineData(1, SpecificationRules.MaxSize, 100, SpecificationRules.MaxSize)]
    [InlineData(16_000, 16_000)]
    [InlineData(16, 9, SpecificationRules.MaxSize)]
    public void The_largest_networks_are_planned(int inputs, params int[] units)
    {
        var spec = new NetworkSpec(inputs, units.Select(count => new DenseSpec(count))) { BatchSize = SpecificationRules.MaxSize };
        Assert.Empty(SpecificationRules.Check(spec));
        NetworkPlan plan = NetworkPlanner.Plan(spec);
        Assert.InRange(plan.ParameterLength, spec.ParameterCount, int.MaxValue);
        Assert.InRange(plan.PoolLength, plan.ParameterLength, int.MaxValue);
    }
}
