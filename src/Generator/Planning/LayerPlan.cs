namespace Backprop.Generator.Planning;

/// <summary>What was decided for one layer, whatever the vector width.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Dense">What was asked.</param>
/// <param name="Layout">How its units are padded, and how its parameters lie but where <see cref="Dots"/> says so.</param>
/// <param name="Offset">Where they begin in the parameter buffer.</param>
/// <param name="IsOutput">Whether it is the last layer.</param>
internal sealed record LayerPlan(int Number, DenseSpec Dense, PanelLayout Layout, int Offset, bool IsOutput)
{
    /// <summary>How its parameters lie where vectors run over its inputs; null where they run over its units.</summary>
    public DotLayout? Dots { get; init; }

    /// <summary>Whether a batch propagates δ down through a transposed copy of its weights: along the inputs they lie as that would.</summary>
    public bool TransposesWeights => Number > 1 && Dots is null;

    /// <summary>Floats of its parameters, padding included.</summary>
    public int ParameterLength => Dots?.Length ?? Layout.Length;

    /// <summary>Floats from a unit's weight to that of the next unit for the same input; of a layer in several panels, within one.</summary>
    public int UnitStep => Dots?.Weights.Width(0) ?? 1;

    /// <summary>Floats from an input's weight to that of the next input for the same unit; of a layer in several panels, within one.</summary>
    public int InputStep => Dots is null ? Layout.Width(0) : 1;

    /// <summary>Where its biases begin, in floats from its start; of a layer in several panels, those of the first.</summary>
    public int BiasOffset => Dots?.BiasOffset ?? Inputs * Layout.Width(0);

    /// <summary>Floats up to the end of what the gradient of a sample is written to; up to <see cref="ParameterLength"/> there is a gap.</summary>
    public int GradientEnd => Dots is { } dots ? dots.BiasOffset + (dots.Bias ? Layout.PaddedUnits : 0) : Layout.Rows * Layout.PaddedUnits;

    /// <summary>How a copy of its parameters lies that has the vectors over its inputs.</summary>
    public DotLayout Turned => new(Inputs, Units, Dense.Bias);

    public int Inputs => Layout.Inputs;

    public int Units => Layout.Units;

    public Activation Activation => Dense.Activation;

    /// <summary>The panels that the layer's inputs fall into when δ is propagated down to them.</summary>
    public PanelLayout InputPanels => new(0, Inputs, Bias: false);

    /// <summary>
    /// Floats from sample to sample in scratch. Rows a multiple of 1 KiB apart would all fall into a few sets of the L1
    /// cache, and the weight gradient reads columns: such rows get another 64 bytes.
    /// </summary>
    public int Stride => Dots?.Stride ?? (Layout.PaddedUnits % 256 == 0 ? Layout.PaddedUnits + PanelLayout.Alignment : Layout.PaddedUnits);

    /// <summary>
    /// The columns of z that the output stage turns into lanes: the padding of a row of four too, since four columns are transposed in registers, and fewer
    /// a number at a time.
    /// </summary>
    public int ColumnsInLanes => Stride == 1 ? 1 : Math.Max(Units, TilePlanner.ShortestRow);

    /// <summary>
    /// Whether the product of the output layer writes the caller's outputs themselves: where they are z, and nothing lies between their rows (measured, a
    /// batch: 48-48-48 takes 35.8 ns in place of 37.0, 16-32-32-8 23.9 in place of 24.9).
    /// </summary>
    public bool ProducesOutputs => IsOutput && Activation == Activation.Identity && Stride == Units;

    /// <summary>
    /// Whether, with the samples in the lanes, the output layer's product stores φ where the caller wants the outputs: of one unit, a vector of samples is a
    /// vector of them (measured, 2-2-1: 0.49 ns in place of 0.53 through z in memory, which had been 0.60 through the outputs in scratch; targets read
    /// where they are gain nothing).
    /// </summary>
    public bool ProducesOutputsInLanes => IsOutput && Units == 1 && Activation != Activation.Softmax;

    /// <summary>Whether the output stage of a batch works on z where it lies: the only unit's samples are neighbours, so that nothing has to be turned into lanes.</summary>
    public bool StagesInPlace => Stride == 1 && ProducesOutputsInLanes;

    /// <summary>Whether φ′ is computed with φ in the forward pass, because it cannot be had from a = φ(z) alone.</summary>
    public bool StoresDerivative => !ActivationTraits.DerivativeFromOutput(Activation);

    /// <summary>
    /// Whether φ is applied as a product's tile is written. Anything dearer than a compare is applied in a pass of its own:
    /// inlined into a tile two dozen times it would exceed the JIT's limit of locals, beyond which calls stay calls.
    /// </summary>
    public bool FusesActivation =>
        Activation is Activation.Identity or Activation.ReLU or Activation.LeakyReLU or Activation.HardTanh;

    /// <summary>
    /// Whether, with the samples in the lanes, φ is applied as the product is stored: where it is a compare, and where the layer is so narrow
    /// that its costly activations are no more than a method takes (measured, 2-2-1: 0.70 → 0.62 ns; in tiles of two outputs, 4-16-3 takes 4.2 ns in
    /// place of 3.9).
    /// </summary>
    public bool MergesActivationInLanes =>
        FusesActivation || (!StoresDerivative && Units * TilePlanner.VectorsInLanes <= JitBudget.CostlyActivations);
}
