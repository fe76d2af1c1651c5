namespace Backprop.Generator.Planning;

/// <summary>Decides which layers lie along their inputs, and chooses their tiles: samples × units, each pair a dot product that is summed in a vector.</summary>
internal static class DotPlanner
{
    /// <summary>
    /// The most units that lie along their inputs: with more, vectors over the units have few empty lanes, and sums no longer all have registers.
    /// </summary>
    private const int MaxUnits = 12;

    // As many as a butterfly sums for four samples at once.
    private const int FewUnits = 4;

    /// <summary>
    /// The most weights of more than four units. A batch goes through them for every one or two samples, where vectors over the units do so for
    /// sixteen: they must stay in the L1 cache (measured: 784-10, of 31 KiB, takes 63 ns in place of 104; 784-16, of 50 KiB, 295 in place of 103).
    /// </summary>
    private const int MaxWeights = 8 * 1024;

    // Up to how many units the second of two vectors of inputs need not be full (measured, Zen 5: a step of 50-25-1 takes 83 ns in place of 99, of 10-20-5 59 in
    // place of 72; but of 64-18-12 108 in place of 106, and its forward pass 53 in place of 47 where each call waits for the last).
    private const int UnitsOfPartialVector = 6;

    // Behind a layer, whose activations are whole vectors, two of them are enough: the way back adds nothing up across lanes (measured, Zen 5: a step of
    // 64-32-10 takes 106 ns in place of 118, of 8-256-1 91 in place of 137, forward 31 in place of 42).
    private static int LeastOfLayer(int units) => units <= UnitsOfPartialVector ? PanelLayout.Alignment + 1 : 2 * PanelLayout.Alignment;

    // Sums across lanes cost the same whatever the number of inputs (measured, a batch: 32-2 and 40-3 take 0.95 of what they do otherwise, 20-3 twice
    // as much; 64-6 0.84, 32-8 1.11).
    private static int LeastOfCaller(int units) => units == 1 ? PanelLayout.Alignment + 1 : units <= FewUnits ? 32 : 64;

    /// <summary>The layout of the last layer's parameters, if it is worth while that they lie along its inputs.</summary>
    /// <param name="spec">The network.</param>
    public static DotLayout? LayoutOf(NetworkSpec spec)
    {
        DotLayout layout = DotLayout.OfLast(spec);
        return layout.Units <= MaxUnits && layout.Inputs >= (layout.Padded ? LeastOfLayer(layout.Units) : LeastOfCaller(layout.Units))
            && (layout.Units <= FewUnits || layout.Weights.Length <= MaxWeights) ? layout : null;
    }

    /// <summary>
    /// The most vectors of a row that the body of a loop has. A dot product on its own, with two loads for each multiply-add, begins one in a
    /// cycle, and so needs as many partial sums.
    /// </summary>
    public const int MaxVectors = 4;

    /// <summary>The vectors of a row that a tile reads at once: all where they are few, else as many as keep a loop's own instructions a small part of it.</summary>
    /// <param name="width">The kernels' vector width.</param>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="sums">The tile's sums.</param>
    public static int TileVectors(VectorWidth width, DotLayout layout, int sums) =>
        layout.Weights.PaddedUnits <= MaxVectors * width.Lanes ? MaxVectors : Math.Max(1, Math.Min(MaxVectors, 2 * TilePlanner.Chains / sums));

    /// <summary>The fewest samples that a batch turns weights round for: below, that takes longer than it saves.</summary>
    public const int LeastTurned = PanelLayout.Alignment;

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

    /// <summary>
    /// Whether one sample's inputs can come in variables: where they are few vectors, or at most half of the registers and their product is small (measured, Zen 5:
    /// 4-128-2 10.1 ns in place of 14.0, 8-128-12 28.9 in place of 33.2, 8-256-8 37.9 in place of 42.7).
    /// </summary>
    /// <param name="width">The kernels' vector width.</param>
    /// <param name="layout">The layout of a layer behind another.</param>
    public static bool TakesVectors(VectorWidth width, DotLayout layout)
    {
        int vectors = layout.Weights.PaddedUnits / width.Lanes;
        return width.Lanes > 1 && (vectors <= MaxVectors || (vectors <= width.Registers / 2 && vectors * layout.Units <= JitBudget.MultiplyAddsOfShortProduct));
    }

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

    /// <summary>Into how many partial sums δ below is split: two, which wait for half as many, from six units on (measured, Zen 5: a step of 12-100-10 takes 111 ns in place of 119).</summary>
    /// <param name="units">The layer's units.</param>
    public static int DeltaSplits(int units) => units < 6 ? 1 : 2;

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
