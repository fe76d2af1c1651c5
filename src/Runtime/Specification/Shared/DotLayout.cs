namespace Backprop;

/// <summary>
/// How the parameters of a network's last layer lie in memory where it has few units: of a perceptron, a linear or a logistic regression, or what
/// follows a hidden layer. Vectors over its units would leave most lanes empty, so they run over the inputs, and each unit is a dot product.
/// The weights lie as those of a layer turned round would, a row of inputs for each unit, in panels of up to 64 inputs; then the biases.
/// Inputs that fill the last vector of a row in part are its first lanes where a layer before it pads its activations, but its last lanes where they are a
/// caller's: the vector is then read with the inputs before them, of which it has no weights but 0.
/// </summary>
/// <param name="Inputs">The layer's inputs, more than a vector of them.</param>
/// <param name="Units">The layer's units, at most <see cref="PanelLayout.Alignment"/>.</param>
/// <param name="Bias">Whether the biases follow the weights.</param>
/// <param name="Padded">Whether rows of inputs are padded to whole vectors.</param>
internal sealed record DotLayout(int Inputs, int Units, bool Bias, bool Padded = false)
{
    /// <summary>The layout of a network's last layer, should it lie along its inputs.</summary>
    /// <param name="spec">The network.</param>
    public static DotLayout OfLast(NetworkSpec spec)
    {
        int last = spec.Layers.Count - 1;
        return new DotLayout(spec.InputsOf(last), spec.Outputs, spec.Layers[last].Bias, Padded: last > 0);
    }

    /// <summary>The weights' rows and panels.</summary>
    public PanelLayout Weights { get; } = new(Units, Inputs, Bias: false);

    /// <summary>The inputs that fill a row's last vector in part; 0 where they fill it.</summary>
    public int Tail => Inputs % PanelLayout.Alignment;

    /// <summary>The first input that is read with a row's last vector where they fill it in part.</summary>
    public int TailInput => Padded ? Inputs - Tail : Inputs - PanelLayout.Alignment;

    /// <summary>Where a unit's weights for those inputs begin, in floats from the layer's start.</summary>
    /// <param name="unit">The unit, from 0.</param>
    public int TailOffset(int unit) => LastVector(unit) + (Padded ? 0 : PanelLayout.Alignment - Tail);

    /// <summary>Where the last vector of a unit's row begins, in floats from the layer's start.</summary>
    /// <param name="unit">The unit, from 0.</param>
    public int LastVector(int unit)
    {
        int last = Weights.Panels - 1;
        return Weights.Offset(last) + (unit + 1) * Weights.Width(last) - PanelLayout.Alignment;
    }

    /// <summary>Where the biases begin, in floats from the layer's start.</summary>
    public int BiasOffset => Weights.Length;

    /// <summary>Floats of the whole layer, padding included.</summary>
    public int Length => BiasOffset + (Bias ? PanelLayout.Alignment : 0);

    /// <summary>Floats from one sample's sums to the next one's in scratch: those of one unit are neighbours, those of several are padded to a vector of 4, 8, or 16.</summary>
    public int Stride => Units == 1 ? 1 : new PanelLayout(0, Units, Bias: false).PaddedUnits;
}
