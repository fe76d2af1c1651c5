using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>All that was decided for a network. Emitting writes it down and decides nothing.</summary>
/// <param name="Spec">What was asked.</param>
/// <param name="Layers">The layers, first to last.</param>
/// <param name="ParameterLength">Floats in the parameter buffer, padding included.</param>
/// <param name="SliceSize">Samples that a batch is processed in at once.</param>
/// <param name="OneByOneBelow">The outputs or the loss of fewer samples are computed sample by sample; null where they never are.</param>
/// <param name="PropagatesFewByRows">Whether δ of a few samples is propagated along the rows of W, which then take their gradient too, without a transposed copy.</param>
/// <param name="ReadsAhead">Whether one sample's products ask for weights before they read them.</param>
/// <param name="ExceedsL2">Whether the parameters are more than a second-level cache holds.</param>
/// <param name="SamplesInLanes">Samples that are worked on together where they are in the lanes of vectors; null where they never are.</param>
/// <param name="Kernels">The scratch of each kind of kernel.</param>
/// <param name="Widths">The schedules of each vector width.</param>
internal sealed record NetworkPlan(
    NetworkSpec Spec,
    EquatableArray<LayerPlan> Layers,
    int ParameterLength,
    int SliceSize,
    int? OneByOneBelow,
    bool PropagatesFewByRows,
    bool ReadsAhead,
    bool ExceedsL2,
    int? SamplesInLanes,
    KernelScratch Kernels,
    EquatableArray<WidthPlan> Widths)
{
    public LayerPlan Output => Layers[Layers.Count - 1];

    /// <summary>How the parameters of the last layer lie where vectors run over its inputs; else null.</summary>
    public DotLayout? Dots => Output.Dots;

    public IEnumerable<LayerPlan> Hidden => Layers.Take(Layers.Count - 1);

    /// <summary>Floats from sample to sample of a layer's inputs: the caller's data, or the layer before.</summary>
    public int InputStride(LayerPlan layer) => layer.Number == 1 ? layer.Inputs : Layers[layer.Number - 2].Stride;

    /// <summary>Whether a batch's tile asks for weights of the next panel while it computes with one: the largest, of those that are as wide as a panel.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="rows">How many of its rows are in use.</param>
    public bool AsksForNextPanel(TilePlan tile, int rows) =>
        ExceedsL2 && rows > 1 && rows == tile.Rows && tile.Width == PanelLayout.MaxVectors * PanelLayout.Alignment;

    /// <summary>Floats of scratch that outputs or loss of one sample take at a width.</summary>
    public int ForwardOneScratch(WidthPlan width) => width.One.ForwardInVariables ? 0 : Kernels.ForwardOne.Length;

    /// <summary>Floats of scratch that the gradient of one sample takes at a width.</summary>
    public int GradientOneScratch(WidthPlan width) => width.One.InRegisters ? 0 : Kernels.GradientOne.Length;

    /// <summary>Floats of scratch that outputs or losses of a slice take at a width.</summary>
    public int ForwardScratch(WidthPlan width) => Longer(width, Kernels.ForwardLanes, Kernels.ForwardBatch);

    /// <summary>Floats of scratch that the gradient of a slice takes at a width, whose samples may go one by one.</summary>
    public int GradientScratch(WidthPlan width) => Math.Max(GradientOneScratch(width), Longer(width, Kernels.GradientLanes, Kernels.GradientBatch));

    /// <summary>The same for the width that takes most.</summary>
    public int LongestGradientScratch => Widths.Max(GradientScratch);

    /// <summary>Floats of the longest scratch of a pass that does not fit the stack, a gradient that is copied or summed included; 0 where all fits.</summary>
    public int PoolLength => Widths
        .SelectMany(width => new[] { ForwardOneScratch(width), 2 * GradientOneScratch(width) + ParameterLength, ForwardScratch(width), GradientScratch(width) + ParameterLength })
        .Where(length => length > StackLimit.Length).DefaultIfEmpty(0).Max();

    /// <summary>Whether training has its samples in the lanes where outputs and losses have.</summary>
    public bool TrainsInLanes => Kernels.GradientLanes is not null;

    /// <summary>Whether outputs and losses of a batch larger than a slice are those of full slices, which fill the lanes, after what is left over: not of even ones.</summary>
    public bool ForwardFillsSlices => SamplesInLanes is not null;

    /// <summary>The same for a gradient.</summary>
    public bool GradientFillsSlices => TrainsInLanes;

    // What the kernels of a width take, whichever of the two runs.
    private static int Longer(WidthPlan width, ScratchPlan? lanes, ScratchPlan tiles) => Math.Max(
        width.BatchInLanes || width.FullSlices is not null ? lanes?.Length ?? 0 : 0, width.BatchInLanes ? 0 : tiles.Length);
}

/// <summary>The scratch memory of the kernels, the same for every width.</summary>
/// <param name="ForwardOne">A single sample's forward pass.</param>
/// <param name="GradientOne">A single sample's training step.</param>
/// <param name="ForwardBatch">A slice's forward pass.</param>
/// <param name="GradientBatch">A slice's training step.</param>
/// <param name="ForwardLanes">A slice's forward pass with the samples in the lanes; null where none is planned.</param>
/// <param name="GradientLanes">A slice's training step with the samples in the lanes; null where none is planned, as beside outputs that are.</param>
internal sealed record KernelScratch(
    ScratchPlan ForwardOne,
    ScratchPlan GradientOne,
    ScratchPlan ForwardBatch,
    ScratchPlan GradientBatch,
    ScratchPlan? ForwardLanes,
    ScratchPlan? GradientLanes);
