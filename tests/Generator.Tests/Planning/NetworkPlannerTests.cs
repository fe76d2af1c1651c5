using Backprop;
using Backprop.Generator.Model;
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
                offset += layer.ParameterLength;
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
                    .Sum(layer => layer.Inputs / width.Layers[layer.Number - 1].RowsInVector * (layer.Layout.PaddedUnits / width.Layers[layer.Number - 1].Lanes));
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
                Assert.All(plan.Layers.Where(layer => layer.Dots is null), layer =>
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

    /// <summary>Where nothing is asked, products of up to 64 vectors are written out, of few inputs up to twice as many if half of the registers hold its sums.</summary>
    [Theory]
    [InlineData("16 64 64", 512, true), InlineData("17 64 64", 512, false), InlineData("8 256 64", 512, true), InlineData("9 256 64", 512, false), InlineData("7 272 64", 512, false)]
    [InlineData("8 64 64", 256, true), InlineData("7 80 64", 256, false)]
    public void Short_products_are_written_out(string sizes, int bits, bool expected) =>
        Assert.Equal(expected, PlanOf(sizes).Widths.Single(width => width.Width.Bits == bits).Layers[0].UnrollsOne);

    /// <summary>The only product of a network, of up to 32 inputs, is written out up to twice as many vectors.</summary>
    [Theory]
    [InlineData("10 100", 512, true), InlineData("32 64", 512, true), InlineData("33 64", 512, false), InlineData("26 80", 512, false), InlineData("10 64", 256, true), InlineData("10 80", 256, false)]
    [InlineData("32 48 64", 512, false)]
    public void The_only_product_is_written_out(string sizes, int bits, bool expected)
    {
        WidthPlan width = PlanOf(sizes, Activation.ReLU).Widths.Single(width => width.Width.Bits == bits);
        Assert.Equal(expected, width.Layers[width.Layers.Count - 1].UnrollsOne);
    }

    /// <summary>Behind a product that is written out, few outputs take many vectors of activations from variables, and the forward pass takes no scratch.</summary>
    [Theory]
    [InlineData("8 128 10", Activation.ReLU, 512, true), InlineData("32 64 1", Activation.ReLU, 512, true), InlineData("10 128 11", Activation.ReLU, 512, true), InlineData("10 176 12", Activation.ReLU, 512, false)]
    [InlineData("8 256 1", Activation.ReLU, 512, true), InlineData("10 128 1", Activation.Tanh, 512, false), InlineData("33 80 1", Activation.ReLU, 512, false)]
    [InlineData("8 64 1", Activation.ReLU, 256, true), InlineData("9 80 1", Activation.ReLU, 256, false), InlineData("12 16 64", Activation.ReLU, 512, true)]
    [InlineData("32 32 32 4", Activation.ReLU, 512, true), InlineData("32 32 32 4", Activation.GELU, 512, false)]
    public void Small_networks_pass_forward_in_variables(string sizes, Activation activation, int bits, bool expected)
    {
        NetworkPlan plan = PlanOf(sizes, activation);
        WidthPlan width = plan.Widths.Single(width => width.Width.Bits == bits);
        Assert.Equal((expected, expected), (width.One.ForwardInVariables, plan.ForwardOneScratch(width) == 0));
    }

    /// <summary>
    /// The way back stays in variables too where all of the last layer's gradient is inlined into one method, and goes on in it to the first layer's where that is as
    /// well: not behind two layers, nor from more vectors than a quarter of the registers, nor with δ of so many units that the registers do not hold them.
    /// </summary>
    [Theory]
    [InlineData("6 32 2", 512, true, true), InlineData("6 32 2", 256, true, true), InlineData("6 48 2", 256, false, true), InlineData("64 32 8", 512, true, true)]
    [InlineData("64 32 8", 256, true, false), InlineData("64 32 9", 256, false, false), InlineData("64 32 10", 512, true, true), InlineData("120 50 10", 512, true, false)]
    [InlineData("14 100 2", 512, true, false), InlineData("64 64 12", 512, false, false), InlineData("16 130 1", 512, false, false), InlineData("32 32 32 4", 512, false, false)]
    [InlineData("24 64", 512, true, true), InlineData("10 100", 512, true, false), InlineData("10 130", 512, false, false)]
    public void Small_networks_step_in_variables(string sizes, int bits, bool expected, bool inlined)
    {
        WidthPlan width = PlanOf(sizes, Activation.ReLU).Widths.Single(width => width.Width.Bits == bits);
        Assert.Equal((false, expected, inlined), (width.One.InRegisters, width.One.StepInVariables, width.One.InlinesStep));
    }

    /// <summary>The forward pass is part of what follows it while it has no more locals than the JIT inlines, of partial sums, activations and slopes.</summary>
    [Theory]
    [InlineData("8 256 1", Activation.ReLU, 512, true), InlineData("64 48 10", Activation.ReLU, 512, true), InlineData("64 48 10", Activation.ReLU, 256, false)]
    [InlineData("15 14 13 15 9", Activation.ReLU, 512, false), InlineData("10 9 9 9 9 5", Activation.Sigmoid, 512, true), InlineData("10 9 9 9 9 5", Activation.GELU, 512, false)]
    public void A_forward_pass_of_many_locals_is_a_call(string sizes, Activation activation, int bits, bool inlined) =>
        Assert.Equal(inlined, PlanOf(sizes, activation).Widths.Single(width => width.Width.Bits == bits).One.InlinesForward);

    /// <summary>Rows that are left behind whole vectors have a method of their own where all would be more than the JIT inlines.</summary>
    [Theory]
    [InlineData("8 46 105", 512, true), InlineData("8 48 105", 512, false), InlineData("8 46 96", 512, false), InlineData("8 46 64", 512, false)]
    [InlineData("8 46 105", 256, false), InlineData("46 105", 512, false), InlineData("8 14 105", 512, false)]
    public void The_rest_of_many_rows_has_its_own_method(string sizes, int bits, bool expected) =>
        Assert.Equal(expected, PlanOf(sizes, Activation.Tanh).Widths.Single(width => width.Width.Bits == bits).Layers.Last().PropagatesRestApart);

    /// <summary>Outputs stay in registers where the product before them is written out: up to eight vectors if φ is a compare, else two.</summary>
    [Theory]
    [InlineData("10 100", Activation.Identity, 512, true), InlineData("8 128", Activation.LeakyReLU, 512, true), InlineData("7 129", Activation.ReLU, 512, false)]
    [InlineData("10 33", Activation.Tanh, 512, false), InlineData("10 32", Activation.Tanh, 512, true), InlineData("33 64", Activation.Identity, 512, false)]
    [InlineData("10 33", Activation.HardSwish, 512, false)]
    public void Plain_outputs_stay_in_registers(string sizes, Activation activation, int bits, bool expected) =>
        Assert.Equal(expected, PlanOf(sizes, activation).Widths.Single(width => width.Width.Bits == bits).Layers[0].UnrollsActivation);

    /// <summary>Four vectors of plain outputs in registers: a batch's rows have their units in the lanes all the same (measured at 128 bits, a step of 8-16 22 ns in place of 10).</summary>
    [Fact]
    public void Rows_of_many_vectors_have_their_units_in_the_lanes()
    {
        WidthPlan width = PlanOf("8 16", Activation.Identity).Widths.Single(width => width.Width.Bits == 128);
        Assert.Equal((true, false), (width.Layers[0].UnrollsActivation, width.OutputInLanes));
    }

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

    /// <summary>A network whose every layer is a vector or two, of up to 16 units, keeps a single sample in registers; one layer more than that, and none does.</summary>
    [Theory]
    [InlineData("2 2 1", 512, true)]
    [InlineData("2 2 1", 128, true)]
    [InlineData("4 16 3", 512, true)]
    [InlineData("4 16 3", 256, true)]
    [InlineData("4 16 3", 128, false)]
    [InlineData("4 8 3", 128, true)]
    [InlineData("4 17 3", 256, false)]
    [InlineData("4 17 3", 512, false)]
    [InlineData("65 4 2", 512, false)]
    [InlineData("43 16 3", 512, true)]
    [InlineData("49 16 3", 512, false)]
    [InlineData("2 2 1", 32, false)]
    public void A_vector_or_two_for_each_layer_stay_in_registers(string sizes, int bits, bool expected)
    {
        WidthPlan width = PlanOf(sizes).Widths.Single(width => width.Width.Bits == bits);
        Assert.Equal(expected, width.One.InRegisters);
    }

    /// <summary>Nor does one of four vectors, though their φ is but a compare.</summary>
    [Fact]
    public void Four_vectors_do_not_stay_in_registers() =>
        Assert.False(PlanOf("4 16 3", Activation.ReLU).Widths.Single(width => width.Width.Bits == 128).One.InRegisters);

    /// <summary>Where φ′ comes with φ, an activation takes twice of the JIT's budget: three layers of it do not stay in registers.</summary>
    [Theory]
    [InlineData(Activation.Tanh, true)]
    [InlineData(Activation.GELU, false)]
    [InlineData(Activation.Mish, false)]
    public void Dear_activations_count_twice(Activation activation, bool inRegisters)
    {
        NetworkPlan plan = NetworkPlanner.Plan(new NetworkSpec(3, [new DenseSpec(4, activation), new DenseSpec(4, activation), new DenseSpec(2, activation)]));
        Assert.All(plan.Widths.Where(width => width.Width.Lanes > 1), width => Assert.Equal(inRegisters, width.One.InRegisters));
    }

    /// <summary>
    /// A step of one sample is one method while the JIT inlines all of its functions: in registers or in loops. Beyond, its forward pass
    /// is a call, or its way back is; the many rows of 44-5-13 and the wide output of 15-14-12 leave the registers before.
    /// </summary>
    [Theory]
    [InlineData("4 16 3", 512, true, true)]
    [InlineData("4 16 3", 256, true, true)]
    [InlineData("5 6 9 5", 256, true, false)]
    [InlineData("44 5 13", 256, false, true)]
    [InlineData("15 14 12", 256, false, false)]
    [InlineData("16 32 32 8", 512, false, false)]
    public void A_step_is_one_method_within_the_budget(string sizes, int bits, bool inRegisters, bool inlined)
    {
        WidthPlan width = Classifier(sizes).Widths.Single(width => width.Width.Bits == bits);
        Assert.Equal((inRegisters, inlined), (width.One.InRegisters, width.One.InlinesStep));
        Assert.True(width.One.InlinesForward);
    }

    /// <summary>Of outputs, not more than two vectors stay in registers.</summary>
    [Theory]
    [InlineData("64 32 10", 256, true)]
    [InlineData("64 32 10", 128, false)]
    public void Dear_outputs_are_passed_in_loops(string sizes, int bits, bool outputInRegisters) =>
        Assert.Equal(outputInRegisters, Classifier(sizes).Widths.Single(width => width.Width.Bits == bits).Layers[1].UnrollsActivation);

    /// <summary>With the samples in the lanes, two layers are one method; of more, each has its own.</summary>
    [Theory]
    [InlineData("8 8 8", true)]
    [InlineData("8 8 8 8", false)]
    public void Many_layers_in_lanes_are_methods(string sizes, bool inlined) =>
        Assert.All(PlanOf(sizes).Widths, width => Assert.Equal(inlined, width.InlinesLanes));

    /// <summary>Samples go into the lanes of narrow networks, while their parameters are few.</summary>
    [Theory]
    [InlineData("8 8 8", true)]
    [InlineData("8 8 8 8 8 8 8", true)]
    [InlineData("8 8 8 8 8 8 8 8", false)]
    [InlineData("8 17 8", false)]
    public void Narrow_batches_have_samples_in_the_lanes(string sizes, bool expected) =>
        Assert.All(PlanOf(sizes).Widths, width => Assert.Equal(expected && width.Width.Lanes > 1, width.BatchInLanes));

    /// <summary>Full slices have samples in the lanes where that saves a tenth of what padding, sums across lanes and turned outputs cost, and all is in the L1 cache.</summary>
    [Theory]
    [InlineData("10 20 5", true)]
    [InlineData("33 17 5", true)]
    [InlineData("20 40 20 3", true)]
    [InlineData("8 16 3", false)] // always
    [InlineData("64 32 10", true)]
    [InlineData("32 32 32 4", false)]
    [InlineData("13 64 1", false)]
    [InlineData("10 20 20", false)]
    [InlineData("300 20 5", true)]
    [InlineData("500 20 5", false)]
    public void Full_slices_have_samples_in_the_lanes(string sizes, bool expected) =>
        Assert.All(PlanOf(sizes).Widths, width => Assert.Equal(expected && width.Width.Lanes > 1, width.FullSlices is not null));

    /// <summary>Sums across lanes are of four outputs at once, so that two take as long as four.</summary>
    [Theory]
    [InlineData("5 32 32 2", true)]
    [InlineData("32 32 32 4", false)]
    public void Few_outputs_count_as_four(string sizes, bool expected) =>
        Assert.Equal(expected, PlanOf(sizes, Activation.ReLU).Widths.Any(width => width.FullSlices is not null));

    /// <summary>Training has them there where a step finds its parameters in any L1 cache, and more is saved: its gradients are summed across lanes.</summary>
    [Theory]
    [InlineData("10 20 5", true)]
    [InlineData("4 16 3", true)]
    [InlineData("100 50 20 3", false)]
    [InlineData("64 32 10", false)]
    public void Training_has_samples_in_the_lanes(string sizes, bool expected) => Assert.Equal(expected, PlanOf(sizes).TrainsInLanes);

    /// <summary>Short rows share a vector where they fill at least two.</summary>
    [Theory]
    [InlineData("4 16 3", 512, 1, 4)]
    [InlineData("4 8 3", 512, 1, 4)]
    [InlineData("4 6 3", 512, 1, 2)]
    [InlineData("4 7 3", 512, 1, 1)]
    [InlineData("4 3 3", 512, 2, 1)]
    [InlineData("4 8 3", 256, 1, 2)]
    [InlineData("4 4 3", 128, 1, 1)]
    [InlineData("16 4 8", 512, 4, 1)]
    [InlineData("5 32 16 2", 512, 1, 1, 4)]
    [InlineData("5 32 16 2", 256, 1, 1, 2)]
    [InlineData("16 32 8", 512, 1, 1)]
    [InlineData("300 4 2", 512, 1, 2)] // of 300 inputs, a loop over whole rows
    public void Short_rows_share_a_vector(string sizes, int bits, params int[] rows) => Assert.Equal(
        rows, PlanOf(sizes).Widths.Single(width => width.Width.Bits == bits).Layers.Select(layer => layer.RowsInVector));

    /// <summary>δ below a few units is a sum of columns, but for whole rows of four in a vector each.</summary>
    [Theory]
    [InlineData("4 16 3", 512, false, true)]
    [InlineData("4 16 4", 512, false, true)]
    [InlineData("4 8 1", 128, false, true)]
    [InlineData("4 8 4", 128, false, false)]
    [InlineData("4 8 5", 512, false, false)]
    public void Deltas_below_few_units_go_by_columns(string sizes, int bits, params bool[] columns) => Assert.Equal(
        columns, PlanOf(sizes).Widths.Single(width => width.Width.Bits == bits).Layers.Select(layer => layer.PropagatesByColumns));

    /// <summary>With the samples in the lanes, φ is applied as a product is stored where it is a compare, or costly for two units at most.</summary>
    [Theory]
    [InlineData(16, Activation.ReLU, true)]
    [InlineData(2, Activation.Tanh, true)]
    [InlineData(3, Activation.Tanh, false)]
    [InlineData(2, Activation.GELU, false)] // whose φ′ is stored
    public void Activations_in_lanes_are_merged(int units, Activation activation, bool expected) =>
        Assert.Equal(expected, PlanOf($"4 {units} 3", activation).Layers[0].MergesActivationInLanes);

    /// <summary>A product writes the caller's outputs where they are its own results, row beside row.</summary>
    [Theory]
    [InlineData("4 48", Activation.Identity, true)]
    [InlineData("4 8", Activation.Identity, true)]
    [InlineData("4 10", Activation.Identity, false)] // rows of 16
    [InlineData("4 256", Activation.Identity, false)] // rows of 272
    [InlineData("4 48", Activation.ReLU, false)]
    public void Products_write_outputs(string sizes, Activation activation, bool expected) =>
        Assert.Equal(expected, PlanOf(sizes, activation).Output.ProducesOutputs);

    /// <summary>Small batches go sample by sample where a batch's kernels would leave most of a vector or a tile empty; the fewer, the longer each waits for its functions.</summary>
    [Theory]
    [InlineData("2 1", Activation.Sigmoid, 8, 6)]
    [InlineData("2 2 1", Activation.Sigmoid, 6, 5)]
    [InlineData("4 16 3", Activation.Tanh, 8, 6)]
    [InlineData("4 8 8 2", Activation.ReLU, 8, 6)]
    [InlineData("13 7 5 3", Activation.Tanh, 5, 4)]
    [InlineData("6 6 6 6 1", Activation.Sigmoid, 4, 3)]
    [InlineData("8 16 16 4", Activation.Tanh, 4, 4)] // in registers
    [InlineData("16 32 32 8", Activation.Tanh, 4, null)]
    [InlineData("64 4", Activation.Tanh, 4, null)] // along its inputs
    [InlineData("784 128 10", Activation.Tanh, null, null)]
    public void Few_samples_go_one_by_one(string sizes, Activation activation, int? forward, int? training)
    {
        NetworkPlan plan = PlanOf(sizes, activation);
        Assert.Equal((forward, training), (plan.OneByOneBelow, plan.Widths[0].GradientOneByOneBelow));
    }

    /// <summary>Two samples' gradients are formed one after the other where the weights are in the L1 cache, but for networks of which more samples are.</summary>
    [Theory]
    [InlineData("16 32 32 8", true)]
    [InlineData("4 16 3", false)]
    [InlineData("64 32 10", true)]
    [InlineData("128 128 128 10", false)]
    public void Pairs_train_one_by_one(string sizes, bool expected)
    {
        NetworkPlan plan = PlanOf(sizes);
        Assert.All(plan.Widths, width => Assert.Equal(expected, width.GradientPairsOneByOne));
    }

    /// <summary>A larger batch is cut into full slices where those have their samples in the lanes.</summary>
    [Theory]
    [InlineData("4 16 3", true, true)]
    [InlineData("10 20 5", true, true)]
    [InlineData("100 50 20 3", true, false)]
    [InlineData("64 32 10", true, false)]
    [InlineData("13 64 1", false, false)]
    public void Slices_are_filled_in_the_lanes(string sizes, bool forward, bool gradient)
    {
        NetworkPlan plan = PlanOf(sizes);
        Assert.Equal((forward, gradient), (plan.ForwardFillsSlices, plan.GradientFillsSlices));
    }

    /// <summary>∂C/∂x of a batch is formed in tiles where a vector's lanes have an input each, and the first layer's weights do not lie along them.</summary>
    [Theory]
    [InlineData("784 128 10", 512)]
    [InlineData("16 32 8", 512)]
    [InlineData("10 40 3", 256)]
    [InlineData("3 100 5", 32)]
    [InlineData("100 1", 0)]
    public void Gradients_by_the_inputs_are_formed_in_tiles(string sizes, int widest)
    {
        NetworkPlan plan = PlanOf(sizes);
        Assert.All(plan.Widths, width => Assert.Equal(width.Width.Bits <= widest, width.TilesInputGradient(plan.Layers[0])));
    }

    /// <summary>One sample asks ahead for weights that not even the largest first-level cache holds: where one does, asking takes as long as reading.</summary>
    [Theory]
    [InlineData("64 32 10", false)]
    [InlineData("100 50 20 3", false)]
    [InlineData("64 64 64 64", false)] // 49 KiB
    [InlineData("128 64 64 10", true)]
    public void Weights_beyond_the_first_level_cache_are_asked_for_ahead(string sizes, bool expected) => Assert.Equal(expected, PlanOf(sizes).ReadsAhead);

    /// <summary>Of weights beyond a second-level cache of 1 MiB a batch asks for each panel before its turn: with its largest tile, where that is as wide as a panel.</summary>
    [Theory]
    [InlineData("784 256 10", false), InlineData("784 320 10", false), InlineData("784 336 10", true), InlineData("784 512 256 10", true)]
    public void Panels_beyond_the_second_level_cache_are_asked_for_before_their_turn(string sizes, bool expected)
    {
        NetworkPlan plan = PlanOf(sizes);
        var wide = new TilePlan(16, 4, new EquatableArray<int>([6, 3, 2, 1]));
        Assert.Equal(expected, plan.AsksForNextPanel(wide, 6));
        Assert.False(plan.AsksForNextPanel(wide, 2));
        Assert.False(plan.AsksForNextPanel(new TilePlan(8, 2, new EquatableArray<int>([6, 3, 2, 1])), 6));
        Assert.False(plan.AsksForNextPanel(new TilePlan(16, 4, new EquatableArray<int>([1])), 1));
    }

    /// <summary>
    /// What a layer has stored, in whole vectors, the next one reads two numbers at a time where its weights come from the L1 cache and would leave the
    /// load ports nothing; the network's inputs too where they are many, and not a small part of the loads.
    /// </summary>
    [Theory]
    [InlineData("64 32 10", 512, false, true)]
    [InlineData("64 32 10", 256, false, false)]
    [InlineData("64 40 10", 512, false, false)]
    [InlineData("64 32 8", 512, false, false)]
    [InlineData("64 64 64", 512, false, true)]
    [InlineData("784 128 10", 512, false, false)]
    [InlineData("128 32 10", 512, true, true)]
    [InlineData("128 32 10", 256, false, false)]
    [InlineData("129 32 10", 512, false, true)]
    [InlineData("126 32 10", 512, false, true)]
    [InlineData("150 64 10", 512, false, true)]
    public void Numbers_are_read_two_at_a_time(string sizes, int bits, params bool[] expected) => Assert.Equal(
        expected, PlanOf(sizes).Widths.Single(width => width.Width.Bits == bits).Layers.Select(layer => layer.SpreadsInputs));

    /// <summary>Hidden activations reach the next layer in variables where both are computed in one method, for which a product may loop there.</summary>
    [Theory]
    [InlineData("64 32 10", Activation.ReLU, 512, true, true)]
    [InlineData("64 32 10", Activation.Tanh, 512, false, false)]
    [InlineData("64 32 10", Activation.ReLU, 256, true, true)]
    [InlineData("64 32 14", Activation.ReLU, 512, true, true)]
    [InlineData("64 32 14", Activation.ReLU, 256, false, false)]
    [InlineData("64 48 32", Activation.ReLU, 512, false, false)]
    [InlineData("64 80 10", Activation.ReLU, 512, false, false)]
    [InlineData("16 32 10", Activation.ReLU, 512, false, true)]
    [InlineData("16 32 10", Activation.Tanh, 512, false, true)]
    [InlineData("784 128 10", Activation.ReLU, 512, false, false)]
    [InlineData("128 32 1", Activation.ReLU, 512, true, true)]
    [InlineData("128 32 1", Activation.ReLU, 256, true, true)]
    [InlineData("128 112 1", Activation.ReLU, 256, false, false)]
    public void Hidden_activations_stay_in_variables(string sizes, Activation activation, int bits, bool loops, bool takes)
    {
        LayerSchedule[] layers = [.. PlanOf(sizes, activation).Widths.Single(width => width.Width.Bits == bits).Layers];
        Assert.Equal([loops, false], layers.Select(layer => layer.LoopsOne));
        Assert.Equal([false, takes], layers.Select(layer => layer.TakesVectors));
    }

    // Tanh, and a softmax.
    private static NetworkPlan Classifier(string sizes)
    {
        int[] all = [.. sizes.Split(' ').Select(int.Parse)];
        DenseSpec[] layers = [.. all.Skip(1).Select((units, i) => new DenseSpec(units, i == all.Length - 2 ? Activation.Softmax : Activation.Tanh))];
        return NetworkPlanner.Plan(new NetworkSpec(all[0], layers) { Loss = Loss.CrossEntropy });
    }

    private static NetworkPlan PlanOf(string sizes, Activation activation = Activation.Tanh)
    {
        int[] units = [.. sizes.Split(' ').Select(int.Parse)];
        return NetworkPlanner.Plan(new NetworkSpec(units[0], [.. units.Skip(1).Select(count => new DenseSpec(count, activation))]));
    }
}
