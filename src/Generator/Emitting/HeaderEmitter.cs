using Backprop.Generator.Model;
using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Describes at the head of each file what was asked and what was decided.</summary>
internal static class HeaderEmitter
{
    public static string Network(NetworkModel network, NetworkPlan plan)
    {
        WidthPlan widest = plan.Widths[0];
        return $"""
            // {network.Declaration.Name}: {Shape(plan.Spec)}; {Sentence(plan.Spec)}.
            // {plan.Spec.ParameterCount} parameters, {plan.ParameterLength * (long)sizeof(float)} bytes with padding. Batches are processed in slices of up to {plan.SliceSize} samples.
            // Scratch in bytes, {widest.Width.Bits}-bit vectors, one sample: forward {Bytes(plan.ForwardOneScratch(widest))}, training {Bytes(plan.GradientOneScratch(widest))}; a slice: forward {Bytes(plan.ForwardScratch(widest))}, training {Bytes(plan.GradientScratch(widest))}.
            """.Replace("\r", "");
    }

    public static string Kernels(NetworkModel network, KernelContext context)
    {
        var lines = new List<string>
        {
            $"// {network.Declaration.Name}, {(context.Width.Lanes == 1 ? "without vectors" : $"{context.Width.Bits}-bit vectors")}: {Shape(context.Plan.Spec)}.",
        };
        // Neighbours that are alike have one entry.
        int first = 1;
        string[] layers = [.. context.Plan.Layers.Select(layer => Layer(context, layer))];
        for (int number = 1; number <= layers.Length; number++)
        {
            if (number < layers.Length && layers[number] == layers[number - 1])
                continue;
            lines.Add($"// {(first == number ? $"Layer {number}" : $"Layers {first} to {number}")}, {layers[number - 1]}");
            first = number + 1;
        }
        return string.Join("\n", lines);
    }

    private static string Layer(KernelContext context, LayerPlan layer)
    {
        LayerSchedule schedule = context.Schedule.Layers[layer.Number - 1];
        (string description, string bound) = layer.Dots is { } dots ? AlongInputs(context, layer, dots) : AlongUnits(context, layer);
        return context.Width.Lanes == 1 ? description
            : $"{description}\n//   Bound by: one sample, {Bottleneck.OfOne(context.Plan, layer, schedule, context.Width)}; a batch, {bound}.";
    }

    // What is done, and what bounds a batch.
    private static (string Description, string Bound) AlongUnits(KernelContext context, LayerPlan layer)
    {
        PanelGroup group = PanelGroup.Of(layer.Layout).First();
        TilePlan tile = context.Tile(layer.Layout, group);
        LayerSchedule schedule = context.Schedule.Layers[layer.Number - 1];
        string one = context.Schedule.One.InRegisters ? "in registers"
            : schedule.TilesOne ? $"in tiles of 1 × {context.RowTile(layer.Layout, group).Width}"
            : schedule.UnrollsOne ? $"written out{(schedule.RowsInVector > 1 ? $", {schedule.RowsInVector} rows in a vector" : "")}"
            : $"written out in {schedule.Parts.Count} method{(schedule.Parts.Count == 1 ? "" : "s")}";
        (string tiles, string bound) = schedule.TurnsBatch
            ? ($"with its weights turned round, {DotTiles(context, layer.Turned)}", DotBound(context, layer.Turned))
            : ($"in tiles of {tile.Rows} × {tile.Width}", Bottleneck.OfBatch(tile.Columns, tile.Rows));
        string batch = context.Schedule.BatchInLanes
            ? $"with {context.Width.Lanes} samples in the lanes"
            : $"{tiles}{(context.Schedule.FullSlices is { } full ? $", from {full.Least} samples on with {context.Width.Lanes} of them in the lanes{(context.Plan.TrainsInLanes ? "" : " for outputs and losses")}" : "")}";
        return ($"{layer.Inputs} → {layer.Units}: one sample {one}; a batch {batch}.", context.Schedule.BatchInLanes ? "the multiply-add units and φ" : bound);
    }

    private static (string Description, string Bound) AlongInputs(KernelContext context, LayerPlan layer, DotLayout dots)
    {
        LayerSchedule schedule = context.Schedule.Layers[layer.Number - 1];
        string one = layer.Number == 1 ? "in registers" : schedule.TakesVectors ? "written out" : "a dot product for each unit";
        return ($"{dots.Inputs} → {dots.Units}, vectors over its inputs: one sample {one}; a batch {DotTiles(context, dots)}.", DotBound(context, dots));
    }

    private static string DotTiles(KernelContext context, DotLayout layout) => $"in tiles of {DotPlanner.RowTiles(context.Width, layout)[0]} × {layout.Units}";

    private static string DotBound(KernelContext context, DotLayout layout) => Bottleneck.OfBatch(layout.Units, DotPlanner.RowTiles(context.Width, layout)[0], "other");

    private static string Shape(NetworkSpec spec) =>
        $"{spec.Inputs} → " + string.Join(" → ", spec.Layers.Select(layer => $"{layer.Units} {layer.Activation}"));

    private static string Sentence(NetworkSpec spec) => $"{spec.Loss}, {spec.Reduction}";

    private static string Bytes(int floats) =>
        floats == 0 ? "none" : $"{floats * (long)sizeof(float)} {(floats <= StackLimit.Length ? "on the stack" : "pooled")}";
}
