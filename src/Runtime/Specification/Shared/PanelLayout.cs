namespace Backprop;

/// <summary>
/// How one layer's parameters lie in memory, the same for every vector width. The units are split into panels of up to
/// 64, as even as whole vectors allow; a panel holds, row after row, the weights of all its units for input 0,
/// input 1, …, and then their biases. So every product over the units streams one panel from front to back, and a
/// register tile of weights is one contiguous run. Units beyond the last real one are padding and stay 0.
/// </summary>
/// <param name="Inputs">The layer's inputs.</param>
/// <param name="Units">The layer's units.</param>
/// <param name="Bias">Whether a row of biases follows the rows of weights.</param>
public sealed record PanelLayout(int Inputs, int Units, bool Bias)
{
    /// <summary>Floats in the widest vector; layers begin at multiples of it.</summary>
    public const int Alignment = 16;

    /// <summary>The most vectors of <see cref="Alignment"/> floats in a panel.</summary>
    public const int MaxVectors = 4;

    /// <summary>The most floats of gradient that an optimizer takes at once: 16 rows of the widest panel.</summary>
    public const int MaxBlockLength = 16 * MaxVectors * Alignment;

    /// <summary>The floats that rows are padded to whole multiples of: 16, or 8 or 4 where all units fit in as many.</summary>
    public int VectorLength => VectorLengthOf(Units);

    // These two and WiderPanels are computed once: they divide, and a gradient of a few nanoseconds is unpacked by them.
    private int Vectors { get; } = VectorsOf(Units);

    private int VectorsOfPanel { get; } = VectorsOf(Units) / PanelsOf(VectorsOf(Units));

    /// <summary>The units, rounded up to whole vectors.</summary>
    public int PaddedUnits => Vectors * VectorLength;

    /// <summary>The rows of a panel: one for each input, and the bias.</summary>
    public int Rows => Inputs + (Bias ? 1 : 0);

    /// <summary>The parameters, without padding.</summary>
    public int Count => Rows * Units;

    /// <summary>The number of panels.</summary>
    public int Panels => PanelsOf(Vectors);

    /// <summary>The floats of the whole layer, padding included: a multiple of <see cref="Alignment"/>.</summary>
    public int Length => (Rows * PaddedUnits + Alignment - 1) / Alignment * Alignment;

    /// <summary>How many panels, from the first, are one vector wider than the others.</summary>
    public int WiderPanels { get; } = VectorsOf(Units) % PanelsOf(VectorsOf(Units));

    /// <summary>The width in floats of a panel.</summary>
    /// <param name="panel">The panel, from 0.</param>
    public int Width(int panel) => (VectorsOfPanel + (panel < WiderPanels ? 1 : 0)) * VectorLength;

    /// <summary>The first unit of a panel.</summary>
    /// <param name="panel">The panel, from 0.</param>
    public int FirstUnit(int panel) => (VectorsOfPanel * panel + Math.Min(panel, WiderPanels)) * VectorLength;

    /// <summary>Where a panel begins, in floats from the layer's start.</summary>
    /// <param name="panel">The panel, from 0.</param>
    public int Offset(int panel) => Rows * FirstUnit(panel);

    private static int VectorLengthOf(int units) => units <= 4 ? 4 : units <= 8 ? 8 : Alignment;

    private static int VectorsOf(int units) => (units + VectorLengthOf(units) - 1) / VectorLengthOf(units);

    private static int PanelsOf(int vectors) => (vectors + MaxVectors - 1) / MaxVectors;
}
