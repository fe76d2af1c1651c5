namespace Backprop;

/// <summary>
/// How the parameters of a network of one layer with few units lie in memory: a perceptron, a linear or a logistic regression. Vectors
/// over its units would leave most lanes empty, so they run over the inputs, and each unit is a dot product. The weights lie as
/// those of a layer turned round would, a row of inputs for each unit, in panels of up to 64 inputs; then the biases.
/// The last vector of a row ends with the last input: it is read with the inputs before it, of which it has no weights but 0.
/// </summary>
/// <param name="Inputs">The layer's inputs, more than a vector of them.</param>
/// <param name="Units">The layer's units, at most <see cref="MaxUnits"/>.</param>
/// <param name="Bias">Whether the biases follow the weights.</param>
internal sealed record DotLayout(int Inputs, int Units, bool Bias)
{
    /// <summary>
    /// The most units: with more, vectors over the units have few empty lanes, and sums no longer all have registers.
    /// </summary>
    private const int MaxUnits = 12;

    // As many as a butterfly sums for four samples at once.
    private const int FewUnits = 4;

    /// <summary>
    /// The most weights of more than four units. A batch goes through them for every one or two samples, where vectors over the units do so for
    /// sixteen: they must stay in the L1 cache (measured: 784-10, of 31 KiB, takes 63 ns in place of 104; 784-16, of 50 KiB, 295 in place of 103).
    /// </summary>
    private const int MaxWeights = 8 * 1024;

    /// <summary>The layout of a network's parameters, if they lie so.</summary>
    /// <param name="spec">The network.</param>
    public static DotLayout? Of(NetworkSpec spec)
    {
        if (spec.Layers.Count != 1 || spec.Outputs > MaxUnits || spec.Inputs < LeastInputs(spec.Outputs))
            return null;
        var layout = new DotLayout(spec.Inputs, spec.Outputs, spec.Layers[0].Bias);
        return spec.Outputs <= FewUnits || layout.Weights.Length <= MaxWeights ? layout : null;
    }

    // Sums across lanes cost the same whatever the number of inputs (measured, a batch: 32-2 and 40-3 take 0.95 of what they do otherwise, 20-3 twice
    // as much; 64-6 0.84, 32-8 1.11).
    private static int LeastInputs(int units) => units == 1 ? PanelLayout.Alignment + 1 : units <= FewUnits ? 32 : 64;

    /// <summary>The weights' rows and panels.</summary>
    public PanelLayout Weights { get; } = new(Units, Inputs, Bias: false);

    /// <summary>The inputs that fill a row's last vector in part; 0 where they fill it, or else as many as its last lanes.</summary>
    public int Tail => Inputs % PanelLayout.Alignment;

    /// <summary>Where a unit's weights for those inputs begin, in floats from the layer's start.</summary>
    /// <param name="unit">The unit, from 0.</param>
    public int TailOffset(int unit)
    {
        int last = Weights.Panels - 1;
        return Weights.Offset(last) + (unit + 1) * Weights.Width(last) - Tail;
    }

    /// <summary>Where the biases begin, in floats from the layer's start.</summary>
    public int BiasOffset => Weights.Length;

    /// <summary>Floats of the whole layer, padding included.</summary>
    public int Length => BiasOffset + (Bias ? PanelLayout.Alignment : 0);

    /// <summary>Floats from one sample's sums to the next one's in scratch: those of one unit are neighbours, those of several are padded to a vector of 4, 8, or 16.</summary>
    public int Stride => Units == 1 ? 1 : new PanelLayout(0, Units, Bias: false).PaddedUnits;
}
