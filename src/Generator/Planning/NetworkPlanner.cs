using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>Decides how a network is computed: specification in, plan out. Pure: no Roslyn, no text.</summary>
internal static class NetworkPlanner
{
    /// <summary>
    /// Up to how many outputs a batch's output stage works on transposed blocks: as many as one vector of units would hold,
    /// since from there on the lanes of the units are filled too. Where they are more vectors than stay in registers, a row fills
    /// most of its lanes, and a single sample is served by the same loops over it.
    /// </summary>
    private const int MaxOutputsInSampleLanes = PanelLayout.Alignment;

    /// <summary>Up to how many parameters are broadcast one by one whatever the number of samples.</summary>
    private const int MaxParametersInSampleLanes = PanelLayout.MaxBlockLength / 2;

    /// <summary>The fewest samples that are worth putting into the lanes where units fill most of them: four fifths of 64.</summary>
    private const int LeastFullSlice = 52;

    // About as many multiply-adds as sigmoid, tanh or eˣ take.
    private const int OperationsOfActivation = 15;

    // What a sum across lanes takes, in multiply-adds: three vectors of them.
    private const int SumAcrossLanes = 3 * PanelLayout.Alignment;

    private const int HalfOfTheLanes = PanelLayout.Alignment / 2;

    public static NetworkPlan Plan(NetworkSpec spec)
    {
        LayerPlan[] layers = PlanLayers(spec);
        int slice = ScratchPlanner.SliceSize(spec, layers);
        int parameters = Parameters(layers);
        bool outputInLanes = spec.Outputs <= MaxOutputsInSampleLanes;
        bool batchInLanes = BatchInLanes(spec, layers, parameters);
        bool fullSlicesInLanes = !batchInLanes && FullSlicesInLanes(spec, layers);
        bool lanes = batchInLanes || fullSlicesInLanes;
        int samplesInLanes = ScratchPlanner.SamplesInLanes(layers, slice);
        var scratch = new KernelScratch(
            ScratchPlanner.ForwardOne(layers),
            ScratchPlanner.GradientOne(layers),
            ScratchPlanner.ForwardBatch(layers, slice, outputInLanes, turns: !batchInLanes),
            ScratchPlanner.GradientBatch(layers, slice, outputInLanes, turns: !batchInLanes),
            lanes ? ScratchPlanner.ForwardLanes(layers, samplesInLanes) : null,
            lanes ? ScratchPlanner.GradientLanes(layers, samplesInLanes, parameters) : null);
        return new NetworkPlan(
            spec,
            new EquatableArray<LayerPlan>(layers),
            parameters,
            slice,
            OneByOneBelow(batchInLanes, parameters, slice),
            batchInLanes ? Within(slice, HalfOfTheLanes) : null,
            PropagatesFewByRows(parameters),
            ReadsAhead: parameters > Caches.ParametersNotAskedFor,
            lanes ? samplesInLanes : null,
            scratch,
            new EquatableArray<WidthPlan>([.. VectorWidth.All.Select(width => PlanWidth(spec, width, layers, parameters, outputInLanes, batchInLanes, fullSlicesInLanes))]));
    }

    // Half a vector of samples leaves most lanes idle; fewer rows than the smaller tiles have leave a tile's registers idle, which
    // does not matter where the weights come from beyond the L1 cache and are read once for all samples.
    private static int? OneByOneBelow(bool batchInLanes, int parameters, int slice) =>
        batchInLanes ? Within(slice, HalfOfTheLanes) : parameters <= Caches.ParametersInL1 ? Within(slice, 4) : null;

    // A transposed copy is made for a few samples only where the weights are in the L1 cache (measured, 2 samples: along the rows
    // 128-128-128-128-128-10 takes a quarter less, 64-32-10 a fifth more).
    private static bool PropagatesFewByRows(int parameters) => parameters > Caches.ParametersInL1;

    // Two samples' gradients are summed in memory, which takes as long as a batch's transposed copies of the weights of most layers (measured
    // on Zen 5: 16-32-32-8 136 ns a sample in place of 153, 64-32-10 147 in place of 133).
    private static bool TransposesMost(LayerPlan[] layers, int parameters) => 2 * layers.Where(layer => layer.TransposesWeights).Sum(layer => layer.Layout.Length) > parameters;

    // A limit that a slice reaches; below 3 it would not let two samples go one by one.
    private static int? Within(int slice, int limit) => Math.Min(slice, limit) is var below and > 2 ? below : null;

    /// <summary>
    /// Samples go into the lanes where layers are so narrow that units would leave most lanes idle: where it takes at most
    /// half the multiply-adds, and every layer's units and the lanes of every parameter's gradient fit.
    /// </summary>
    private static bool BatchInLanes(NetworkSpec spec, LayerPlan[] layers, int parameters)
    {
        if (spec.Inputs > PanelLayout.Alignment || layers.Any(layer => layer.Units > PanelLayout.Alignment)
            || parameters > MaxParametersInSampleLanes)
            return false;
        int unitsInLanes = layers.Sum(layer => layer.Inputs);
        int samplesInLanes = layers.Sum(layer => layer.Inputs * layer.Units);
        return 2 * samplesInLanes <= unitsInLanes * PanelLayout.Alignment;
    }

    /// <summary>
    /// Where units fill some of their vectors only in part (20 of 32 lanes), samples in the lanes save what the padding costs, once a slice
    /// has enough of them: where what is left is at most four fifths, in vectors of products and activations (measured, 64 samples:
    /// 10-20-5 forward 15.6 → 9.8 ns, step 32 → 21; 13-50-13, near the limit, 16.1 → 14.0, 41 → 38; with fewer samples tiles are faster). Gradients
    /// are summed across lanes for each block of samples, which takes more than it saves where weights are beyond the L1 cache.
    /// </summary>
    private static bool FullSlicesInLanes(NetworkSpec spec, LayerPlan[] layers)
    {
        if (ScratchPlanner.SliceSize(spec, layers) < LeastFullSlice || Parameters(layers) > Caches.ParametersInL1 || layers[0].Dots is not null
            || spec.Outputs > MaxOutputsInSampleLanes || layers.Any(layer => layer.Layout.Panels > 1))
            return false;
        int otherwise = layers.Sum(layer => layer.Dots is { } dots ? Math.Min(AlongUnits(layer), AlongInputs(dots)) : AlongUnits(layer));
        int samplesInLanes = layers.Sum(layer => Operations(layer) * layer.Units);
        return 5 * samplesInLanes <= 4 * otherwise;

        static int AlongUnits(LayerPlan layer) => Operations(layer) * Math.Max(PanelLayout.Alignment, layer.Layout.PaddedUnits);

        static int AlongInputs(DotLayout dots) => (dots.Weights.PaddedUnits + SumAcrossLanes) * dots.Units;

        static int Operations(LayerPlan layer) => layer.Inputs + (layer.FusesActivation ? 0 : OperationsOfActivation);
    }

    // A layer of a vector or two, up to the longest there is, written out whole. Its gradient is one block for the optimizer: 64 inputs of 16 units, which
    // would be more, exceed the budget of functions.
    private static bool FitsRegisters(LayerPlan layer, LayerSchedule schedule) =>
        schedule.AppliesAtOnce(layer) && layer.Layout.PaddedUnits <= Math.Min(2 * schedule.Lanes, PanelLayout.Alignment);

    private static int Parameters(LayerPlan[] layers) => layers[layers.Length - 1].Offset + layers[layers.Length - 1].ParameterLength;

    /// <summary>The layers. The last lies along its inputs where that is worth while.</summary>
    /// <param name="spec">The network.</param>
    public static LayerPlan[] PlanLayers(NetworkSpec spec)
    {
        DotLayout? dots = DotPlanner.LayoutOf(spec);
        var layers = new LayerPlan[spec.Layers.Count];
        int offset = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            DenseSpec dense = spec.Layers[i];
            var layout = new PanelLayout(spec.InputsOf(i), dense.Units, dense.Bias);
            layers[i] = new LayerPlan(i + 1, dense, layout, offset, IsOutput: i == layers.Length - 1) { Dots = i == layers.Length - 1 ? dots : null };
            offset = checked(offset + layers[i].ParameterLength);
        }
        return layers;
    }

    // Layers are unrolled from the first on while the budget of the method that holds them lasts; the output stage, on
    // which everything waits, has its share of the budget before the hidden layers. With Unroll.Full the others have methods of
    // their own.
    private static WidthPlan PlanWidth(
        NetworkSpec spec, VectorWidth width, LayerPlan[] layers, int parameters, bool outputInLanes, bool batchInLanes, bool fullSlicesInLanes)
    {
        DotLayout? only = layers[0].Dots;
        bool inPlace = layers.Length == 2 && layers[0].FusesActivation && InlinedFunctions.OfBothInPlace(layers[0], layers[1], width) <= JitBudget.FunctionsInPlace;
        int multiplyAdds = 0, activations = 0;
        var schedules = new LayerSchedule[layers.Length];
        foreach (LayerPlan layer in layers.Reverse().Take(1).Concat(layers.Take(layers.Length - 1)))
            schedules[layer.Number - 1] = Schedule(layer);
        int forward = Sum(InlinedFunctions.OfForward);
        int output = InlinedFunctions.OfOutput(layers[layers.Length - 1], schedules[layers.Length - 1]);
        int inRegisters = Sum(InlinedFunctions.OfRegisters);
        bool staysInRegisters = layers.All(layer => FitsRegisters(layer, schedules[layer.Number - 1])) && output + inRegisters <= JitBudget.InlinedFunctions;
        for (int i = 0; i < layers.Length; i++)
        {
            if (staysInRegisters)
                schedules[i] = schedules[i] with { PropagatesByColumns = TilePlanner.PropagatesByColumns(layers[i].Layout, schedules[i].RowsInVector) };
            else
                ConnectOne(i);
        }
        int backward = staysInRegisters ? inRegisters
            : Sum((layer, schedule) => InlinedFunctions.OfBackward(layer, schedule, width));
        bool takesNoScratch = staysInRegisters || only is not null;
        bool forwardInVariables = takesNoScratch || (OutputFollowsAtOnce(layers[layers.Length - 1]) && schedules.Skip(1).All(schedule => schedule.TakesVectors));
        int lastInVariables = forward + output + (layers[layers.Length - 1].Dots is { } dots ? InlinedFunctions.OfDotsInVariables(dots, width) : 0);
        bool stepInVariables = forwardInVariables && !takesNoScratch && StaysInVariablesBack() && lastInVariables <= JitBudget.InlinedFunctions;
        bool inlinesOne = stepInVariables
            ? lastInVariables + InlinedFunctions.OfFirstInVariables(layers[0], width) <= JitBudget.InlinedFunctions
            : forward + output + backward <= JitBudget.InlinedFunctions
            && (takesNoScratch || (layers.Length <= JitBudget.InlinedLayers && layers.All(layer => layer.Dots is not null || schedules[layer.Number - 1].UnrollsOne)));
        return new WidthPlan(
            width,
            new EquatableArray<LayerSchedule>(schedules),
            OneInRegisters: takesNoScratch,
            ForwardInVariables: forwardInVariables,
            InlinesForwardOne: forward + output <= JitBudget.InlinedFunctions,
            InlinesOne: inlinesOne,
            StepInVariables: stepInVariables,
            TrainsPairsOneByOne: !batchInLanes && !inlinesOne && parameters <= Caches.ParametersInL1 && TransposesMost(layers, parameters) && LeavesRoomForSums(),
            OutputInLanes: outputInLanes && width.Lanes > 1 && CostOfOutputs(layers[layers.Length - 1], schedules[layers.Length - 1].Lanes) <= JitBudget.CostlyOutputs,
            BatchInLanes: batchInLanes && width.Lanes > 1,
            InlinesLanes: layers.Length <= JitBudget.InlinedLayers,
            FullSlices: fullSlicesInLanes && width.Lanes > 1 ? new FullSlices(LeastFullSlice, TilePlanner.VectorsInLanes * width.Lanes) : null);

        // The sums of a pair's gradients take half as many functions again, in registers all in one method.
        bool LeavesRoomForSums() => staysInRegisters
            ? output + 2 * inRegisters <= JitBudget.InlinedFunctions
            : layers.All(layer => 2 * InlinedFunctions.OfBackward(layer, schedules[layer.Number - 1], width) <= JitBudget.InlinedFunctions);

        bool StaysInVariables(LayerPlan layer) =>
            layers.Length == 1 || (layer.Number == layers.Length - 1 && layers[layers.Length - 1].Dots is { } last && DotPlanner.TakesVectors(width, last, inPlace));

        // A layer of up to a quarter of the registers: the only one, or below a last one that lies along its inputs.
        bool StaysInVariablesBack() =>
            layers[0].Layout.PaddedUnits <= width.Registers / 4 * schedules[0].Lanes && (layers.Length == 1 || (layers.Length == 2 && layers[1].Dots is not null));

        bool OutputFollowsAtOnce(LayerPlan last) => schedules[last.Number - 1].UnrollsActivation && (last.Dots is not null || schedules[last.Number - 1].UnrollsOne);

        int CostOfOutputs(LayerPlan layer, int lanes) => (layer.Units + lanes - 1) / lanes * InlinedFunctions.Cost(layer);

        int Sum(Func<LayerPlan, LayerSchedule, int> functions) => layers.Sum(layer => functions(layer, schedules[layer.Number - 1]));

        // How a single sample's inputs reach a layer: two at a time where loads are what bounds it, and from the layer below those that fill
        // vectors from its variables, where both are computed in one method.
        void ConnectOne(int number)
        {
            LayerSchedule upper = schedules[number];
            LayerPlan layer = layers[number];
            bool spreads = upper.Lanes == PanelLayout.Alignment && parameters <= Caches.ParametersOfLargestL1;
            if (number == 0)
            {
                schedules[0] = upper with { SpreadsInputs = spreads && TilePlanner.SpreadsFirstInputs(layer.Layout) };
                return;
            }
            LayerSchedule lower = schedules[number - 1];
            LayerPlan below = layers[number - 1];
            spreads &= layer.Inputs % upper.Lanes == 0;
            bool vectors = layer.Dots is { } along ? DotPlanner.TakesVectors(width, along, inPlace) : upper.UnrollsOne && (spreads || upper.RowsInVector > 1);
            bool loops = vectors && lower.TilesOne && below.FusesActivation && below.Layout.Panels == 1;
            schedules[number - 1] = lower with { LoopsOne = loops };
            bool takes = loops || (vectors && lower.AppliesAtOnce(below));
            schedules[number] = upper with { SpreadsInputs = spreads, TakesVectors = takes, WrittenInPlace = takes && inPlace && layer.Dots is not null };
        }

        LayerSchedule Schedule(LayerPlan layer)
        {
            int lanes = Math.Min(width.Lanes, layer.Layout.VectorLength);
            int vectors = layer.Layout.PaddedUnits / lanes;
            int rows = TilePlanner.RowsInVector(width, layer.Layout), products = vectors * layer.Inputs, lines = products / rows;
            int most = spec.Unroll == Unroll.Full ? JitBudget.MultiplyAdds
                : layer.Inputs <= (StaysInVariables(layer) ? JitBudget.InputsOfShortProductInVariables : JitBudget.InputsOfShortProduct) && vectors <= width.Registers / 2 ? JitBudget.MultiplyAddsOfShortProduct
                : JitBudget.MultiplyAddsOfProduct;
            int costly = vectors * InlinedFunctions.Cost(layer);
            bool fits = layer.Dots is null && spec.Unroll != Unroll.Tiled && width.Lanes > 1 && lines <= most && multiplyAdds + lines <= JitBudget.MultiplyAdds;
            bool unrollsActivation = layer.IsOutput
                ? CostOfOutputs(layer, lanes) <= (fits && layer.FusesActivation ? JitBudget.PlainOutputs : JitBudget.CostlyOutputs)
                : activations + costly <= JitBudget.CostlyActivations;
            bool unrolls = fits && (unrollsActivation || !layer.IsOutput);
            if (unrolls)
                multiplyAdds += lines;
            if (unrollsActivation && (unrolls || layer.IsOutput) && !layer.FusesActivation)
                activations += costly;
            bool splits = !unrolls && layer.Dots is null && spec.Unroll == Unroll.Full && width.Lanes > 1 && products <= JitBudget.MultiplyAddsOfParts;
            var parts = new EquatableArray<ProductPart>(splits ? [.. ProductPart.Of(layer.Layout, lanes)] : []);
            return new LayerSchedule(lanes, unrolls, unrollsActivation, parts) { RowsInVector = unrolls ? rows : 1, TurnsBatch = !batchInLanes && DotPlanner.Turns(width, layer) };
        }
    }
}
