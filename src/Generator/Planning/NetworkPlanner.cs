using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>Decides how a network is computed: specification in, plan out. Pure: no Roslyn, no text.</summary>
internal static class NetworkPlanner
{
    private const int HalfOfTheLanes = PanelLayout.Alignment / 2;

    public static NetworkPlan Plan(NetworkSpec spec)
    {
        LayerPlan[] layers = PlanLayers(spec);
        int slice = ScratchPlanner.SliceSize(spec, layers);
        int parameters = Parameters(layers);
        bool outputInLanes = LanesPlanner.OutputInLanes(spec);
        bool batchInLanes = LanesPlanner.BatchInLanes(spec, layers);
        bool fullSlicesInLanes = !batchInLanes && LanesPlanner.FullSlicesInLanes(spec, layers);
        bool lanes = batchInLanes || fullSlicesInLanes;
        int samplesInLanes = ScratchPlanner.SamplesInLanes(layers, slice);
        var scratch = new KernelScratch(
            ScratchPlanner.ForwardOne(layers),
            ScratchPlanner.GradientOne(layers),
            ScratchPlanner.ForwardBatch(layers, slice, outputInLanes, turns: !batchInLanes),
            ScratchPlanner.GradientBatch(layers, slice, outputInLanes, turns: !batchInLanes),
            lanes ? ScratchPlanner.ForwardLanes(layers, samplesInLanes) : null,
            lanes && LanesPlanner.TrainsInLanes(layers) ? ScratchPlanner.GradientLanes(layers, samplesInLanes, parameters) : null);
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
            new EquatableArray<WidthPlan>([.. VectorWidth.All.Select(width => PlanWidth(width))]));

        WidthPlan PlanWidth(VectorWidth width)
        {
            (SinglePlan one, LayerSchedule[] schedules) = SinglePlanner.Plan(width, layers, LayerScheduler.Schedule(spec, width, layers, turnsBatch: !batchInLanes));
            return new WidthPlan(
                width,
                new EquatableArray<LayerSchedule>(schedules),
                one,
                TrainsPairsOneByOne: one.LeavesRoomForPairs && !batchInLanes && !one.InlinesStep && parameters <= Caches.ParametersInL1 && TransposesMost(layers, parameters),
                OutputInLanes: outputInLanes && width.Lanes > 1 && InlinedFunctions.CostOfOutputs(layers[layers.Length - 1], schedules[layers.Length - 1].Lanes) <= JitBudget.CostlyOutputs,
                BatchInLanes: batchInLanes && width.Lanes > 1,
                InlinesLanes: layers.Length <= JitBudget.InlinedLayers,
                FullSlices: fullSlicesInLanes && width.Lanes > 1 ? new FullSlices(LanesPlanner.LeastFullSlice, TilePlanner.VectorsInLanes * width.Lanes) : null);
        }
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

    /// <summary>Floats of all parameters, padding included.</summary>
    /// <param name="layers">The layers.</param>
    public static int Parameters(LayerPlan[] layers) => layers[layers.Length - 1].Offset + layers[layers.Length - 1].ParameterLength;

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
}
