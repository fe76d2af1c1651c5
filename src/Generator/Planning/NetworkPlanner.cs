using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>Decides how a network is computed: specification in, plan out. Pure: no Roslyn, no text.</summary>
internal static class NetworkPlanner
{
    /// <summary>
    /// Up to how many outputs a batch's output stage works on transposed blocks: as many as one vector of units would hold,
    /// since from there on the lanes of the units are filled too.
    /// </summary>
    private const int MaxOutputsInSampleLanes = PanelLayout.Alignment;

    public static NetworkPlan Plan(NetworkSpec spec)
    {
        LayerPlan[] layers = PlanLayers(spec);
        LayerPlan last = layers[layers.Length - 1];
        int slice = ScratchPlanner.SliceSize(spec, layers);
        int parameters = last.Offset + last.Layout.Length;
        ScratchPlan gradientOne = ScratchPlanner.Gradient(layers, samples: 1, batch: false);
        ScratchPlan gradientBatch = ScratchPlanner.Gradient(layers, slice, batch: true);
        return new NetworkPlan(
            spec,
            new EquatableArray<LayerPlan>(layers),
            parameters,
            slice,
            ScratchPlanner.Forward(layers, samples: 1),
            gradientOne,
            ScratchPlanner.Forward(layers, slice),
            gradientBatch,
            ScratchPlanner.WithGradient(gradientOne, parameters),
            ScratchPlanner.WithGradient(gradientBatch, parameters),
            new EquatableArray<WidthPlan>([.. VectorWidth.All.Select(width => PlanWidth(spec, width, layers))]));
    }

    private static LayerPlan[] PlanLayers(NetworkSpec spec)
    {
        var layers = new LayerPlan[spec.Layers.Count];
        int offset = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            DenseSpec dense = spec.Layers[i];
            var layout = new PanelLayout(spec.InputsOf(i), dense.Units, dense.Bias);
            layers[i] = new LayerPlan(i + 1, dense, layout, offset, IsOutput: i == layers.Length - 1);
            offset = checked(offset + layout.Length);
        }
        return layers;
    }

    // Layers are unrolled from the first on while the budget of the method that holds them lasts.
    private static WidthPlan PlanWidth(NetworkSpec spec, VectorWidth width, LayerPlan[] layers)
    {
        int multiplyAdds = 0, activations = 0;
        LayerSchedule[] schedules = [.. layers.Select(Schedule)];
        bool inlines = schedules.Length <= JitBudget.InlinedLayers && schedules.All(schedule => schedule.UnrollsOne);
        return new WidthPlan(width, new EquatableArray<LayerSchedule>(schedules), inlines, width.Lanes > 1 && spec.Outputs <= MaxOutputsInSampleLanes);

        LayerSchedule Schedule(LayerPlan layer)
        {
            int lanes = Math.Min(width.Lanes, layer.Layout.VectorLength);
            int vectors = layer.Layout.PaddedUnits / lanes;
            int products = vectors * layer.Inputs;
            int costly = layer.FusesActivation ? 0 : vectors;
            int most = spec.Unroll == Unroll.Full ? JitBudget.MultiplyAdds : JitBudget.MultiplyAddsOfProduct;
            bool unrolls = spec.Unroll != Unroll.Tiled && width.Lanes > 1 && products <= most
                && multiplyAdds + products <= JitBudget.MultiplyAdds
                && (layer.IsOutput ? vectors : activations + costly) <= JitBudget.CostlyActivations;
            if (unrolls)
            {
                multiplyAdds += products;
                activations += costly;
            }
            return new LayerSchedule(lanes, unrolls, UnrollsOutput: vectors <= JitBudget.CostlyActivations);
        }
    }
}
