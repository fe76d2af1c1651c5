using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>All that was decided for a network. Emitting writes it down and decides nothing.</summary>
/// <param name="Spec">What was asked.</param>
/// <param name="Layers">The layers, first to last.</param>
/// <param name="ParameterLength">Floats in the parameter buffer, padding included.</param>
/// <param name="SliceSize">Samples that a batch is processed in at once.</param>
/// <param name="ForwardOne">Scratch of a single sample's forward pass.</param>
/// <param name="GradientOne">Scratch of a single sample's training step.</param>
/// <param name="ForwardBatch">Scratch of a slice's forward pass.</param>
/// <param name="GradientBatch">Scratch of a slice's training step.</param>
/// <param name="BackwardOne">Scratch of a single sample's gradient.</param>
/// <param name="BackwardBatch">Scratch of a batch's gradient.</param>
/// <param name="Widths">The schedules of each vector width.</param>
internal sealed record NetworkPlan(
    NetworkSpec Spec,
    EquatableArray<LayerPlan> Layers,
    int ParameterLength,
    int SliceSize,
    ScratchPlan ForwardOne,
    ScratchPlan GradientOne,
    ScratchPlan ForwardBatch,
    ScratchPlan GradientBatch,
    ScratchPlan BackwardOne,
    ScratchPlan BackwardBatch,
    EquatableArray<WidthPlan> Widths)
{
    public LayerPlan Output => Layers[Layers.Count - 1];

    public IEnumerable<LayerPlan> Hidden => Layers.Take(Layers.Count - 1);

    /// <summary>The name of the buffer that holds δ of the first layer.</summary>
    public string FirstDelta => Layers.Count == 1 ? "z" : "delta1";

    /// <summary>Floats of the buffers that the instance pools, for what does not fit the stack; 0 where all does.</summary>
    public int PoolLength => new[] { ForwardOne, GradientOne, ForwardBatch, GradientBatch, BackwardOne, BackwardBatch }
        .Where(scratch => !scratch.OnStack).Select(scratch => scratch.Length).DefaultIfEmpty(0).Max();
}
