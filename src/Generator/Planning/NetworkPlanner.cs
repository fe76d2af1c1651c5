using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>Decides how a network is computed: specification in, plan out. Pure: no Roslyn, no text.</summary>
internal static class NetworkPlanner
{
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
            batchInLanes || (fullSlicesInLanes && LanesPlanner.TrainsInLanes(layers)) ? ScratchPlanner.GradientLanes(layers, samplesInLanes, parameters) : null);
        return new NetworkPlan(
            spec,
            new EquatableArray<LayerPlan>(layers),
            parameters,
            slice,
            FewSamplesPlanner.OneByOneBelow(layers, batchInLanes, parameters, slice),
            FewSamplesPlanner.PropagatesByRows(parameters),
            ReadsAhead: parameters > Caches.ParametersNotAskedFor,
            ExceedsL2: parameters > Caches.L2 / sizeof(float),
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
                FewSamplesPlanner.GradientOneByOneBelow(layers, batchInLanes, one, slice),
                FewSamplesPlanner.GradientPairsOneByOne(batchInLanes, one, parameters),
                OutputInLanes: outputInLanes && width.Lanes > 1 && InlinedFunctions.CostOfOutputs(layers[layers.Length - 1], schedules[layers.Length - 1].Lanes) <= JitBudget.CostlyOutputs,
                BatchInLanes: batchInLanes && width.Lanes > 1,
                InlinesLanes: layers.Length <= JitBudget.InlinedLayers,
                FullSlices: fullSlicesInLanes && width.Lanes > 1 ? new FullSlices(LanesPlanner.LeastFullSlice, TilePlanner.VectorsInLanes * width.Lanes) : null);
        }
    }

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
