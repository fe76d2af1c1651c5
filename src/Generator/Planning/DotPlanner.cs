namespace Backprop.Generator.Planning;

/// <summary>Chooses the tiles of a layer that lies along its inputs: samples × units, each pair a dot product that is summed in a vector.</summary>
internal static class DotPlanner
{
    /// <summary>
    /// The most vectors of a row that the body of a loop has. A dot product on its own, with two loads for each multiply-add, begins one in a
    /// cycle, and so needs as many partial sums.
    /// </summary>
    public const int MaxVectors = 4;

    /// <summary>
    /// Whether a batch's forward product turns a layer's weights round: where units fill at most half of a vector, and inputs are enough for what sums across lanes take.
    /// Rows of inputs have to be whole vectors, which a caller's may not be.
    /// </summary>
    /// <param name="width">The kernels' vector width.</param>
    /// <param name="layer">The layer.</param>
    public static bool Turns(VectorWidth width, LayerPlan layer) =>
        width.Lanes > 1 && layer.Dots is null && layer.Layout.PaddedUnits <= width.Lanes / 2
        && layer.Inputs >= 4 * layer.Layout.PaddedUnits && layer.Inputs >= 2 * width.Lanes
        && (layer.Number > 1 || layer.Inputs % PanelLayout.Alignment == 0);

    // As many accumulators as leave registers for a vector of weights and some of inputs: at least one for each unit.
    private static int Accumulators(VectorWidth width) => width.Registers == 32 ? 24 : 12;

    /// <summary>
    /// The samples of each tile, from the largest down: as many as there are registers for their sums, up to what butterflies turn into whole vectors
    /// (of one unit 16 samples, of up to four units four).
    /// </summary>
    /// <param name="width">The kernels' vector width.</param>
    /// <param name="layout">The layer's layout.</param>
    public static int[] RowTiles(VectorWidth width, DotLayout layout) =>
        width.Lanes == 1 ? [1]
        : layout.Units == 1 ? [width.Registers / 2, 4, 1]
        : 4 * layout.Units <= Math.Min(Accumulators(width), PanelLayout.Alignment) ? [4, 1]
        : 2 * layout.Units <= Accumulators(width) ? [2, 1]
        : [1];

    /// <summary>Into how many partial sums each sum of a tile is split, of as many as the vectors that are read one after the other.</summary>
    /// <param name="sums">The sums of the tile.</param>
    /// <param name="vectors">The most vectors of a row that are read in a run.</param>
    public static int Splits(int sums, int vectors)
    {
        int splits = 1;
        while (sums * splits < TilePlanner.Chains && 2 * splits <= Math.Min(vectors, MaxVectors))
            splits *= 2;
        return splits;
    }

    /// <summary>The vectors of inputs that a loop over a single sample's gradient takes at once, each for every unit.</summary>
    /// <param name="layout">The layer's layout.</param>
    public static int GradientVectors(DotLayout layout) => Math.Max(1, MaxVectors / layout.Units);

    /// <summary>The vectors of inputs in a tile of a batch's gradient, which has a row for each unit: as many as there are registers for, and as divide a panel's.</summary>
    /// <param name="width">The kernels' vector width.</param>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="vectors">The vectors of the panel.</param>
    public static int GradientColumns(VectorWidth width, DotLayout layout, int vectors)
    {
        int columns = Math.Min(Math.Min(vectors, MaxVectors), Accumulators(width) / layout.Units);
        while (vectors % columns != 0)
            columns--;
        return columns;
    }
}
