using Backprop.Generator.Model;
using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Describes at the head of each file what was asked and what was decided.</summary>
internal static class HeaderEmitter
{
    public static string Network(NetworkModel network, NetworkPlan plan) => $"""
        // {network.Declaration.Name}: {Shape(plan.Spec)}; {Sentence(plan.Spec)}.
        // {plan.Spec.ParameterCount} parameters, {plan.ParameterLength * (long)sizeof(float)} bytes with padding. Batches are processed in slices of up to {plan.SliceSize} samples.
        // Scratch in bytes, one sample: forward {Bytes(plan.Kernels.ForwardOne)}, training {Bytes(plan.Kernels.GradientOne)}; a slice: forward {Bytes(plan.ForwardBatch)}, training {Bytes(plan.GradientBatch)}.
        """.Replace("\r", "");

    public static string Kernels(NetworkModel network, KernelContext context)
    {
        var lines = new List<string>
        {
            $"// {network.Declaration.Name}, {(context.Width.Lanes == 1 ? "without vectors" : $"{context.Width.Bits}-bit vectors")}: {Shape(context.Plan.Spec)}.",
        };
        foreach (LayerPlan layer in context.Plan.Layers)
        {
            PanelGroup group = PanelGroup.Of(layer.Layout).First();
            TilePlan tile = context.Tile(layer.Layout, group);
            LayerSchedule schedule = context.Schedule.Layers[layer.Number - 1];
            string one = schedule.TilesOne ? $"in tiles of 1 × {tile.Width}"
                : schedule.UnrollsOne ? "written out"
                : $"written out in {schedule.Parts.Count} method{(schedule.Parts.Count == 1 ? "" : "s")}";
            string batch = context.Schedule.BatchInLanes
                ? $"a batch with {context.Width.Lanes} samples in the lanes"
                : $"a batch in tiles of {tile.Rows} × {tile.Width}: a step has {tile.Columns} vector and {tile.Rows} scalar loads for {tile.Rows * tile.Columns} multiply-adds";
            lines.Add($"// Layer {layer.Number}, {layer.Inputs} → {layer.Units}: one sample {one}; {batch}.");
        }
        return string.Join("\n", lines);
    }

    private static string Shape(NetworkSpec spec) =>
        $"{spec.Inputs} → " + string.Join(" → ", spec.Layers.Select(layer => $"{layer.Units} {layer.Activation}"));

    private static string Sentence(NetworkSpec spec) => $"{spec.Loss}, {spec.Reduction}";

    private static string Bytes(ScratchPlan scratch) =>
        $"{scratch.Length * (long)sizeof(float)} {(scratch.OnStack ? "on the stack" : "pooled")}";
}
