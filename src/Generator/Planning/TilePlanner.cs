using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>
/// Chooses register tiles. A multiply-add has a latency of 4 cycles and two start in each, so a tile needs at least 8
/// accumulators; more are better, since loads are shared among them, until registers run out.
/// </summary>
internal static class TilePlanner
{
    /// <summary>Multiply-adds that have to be under way at once to keep both units busy: 4 cycles of latency × 2.</summary>
    public const int Chains = 8;

    // About as many stores as wait for what they store while what comes after goes on (measured, Emerald Rapids, behind 40 steps of 8 × 3 sums: up to 12 take no time, 16
    // take 8 cycles, 24 take 30 of 516).
    private const int StoresInWait = 12;

    // The fewest rounds of a loop over split sums beside which steps may be left: those go one by one, and each waits for the one before.
    private const int RoundsBesideRest = 4;

    /// <summary>About as many loads as are under way at once: the instructions that a processor looks ahead are 320 to 448.</summary>
    private const int LoadsAhead = 384;

    /// <summary>Floats of the shortest rows.</summary>
    public const int ShortestRow = 4;

    /// <summary>
    /// Rows of a·δᵀ of a single sample that are written out in its first layer. Their numbers of a and a row of δ are in registers at
    /// once: more than four rows are slower, and beside eight vectors of δ two are as fast.
    /// </summary>
    /// <param name="row">The tile of a row.</param>
    public static int OuterProductRows(TilePlan row) => Math.Min(4, 16 / row.Columns);

    /// <summary>Vectors of samples that a product with the samples in the lanes is computed for at once.</summary>
    public const int VectorsInLanes = 2;

    /// <summary>The most inputs of such a product whose steps are written out, not looped over.</summary>
    public const int InputsWrittenOutInLanes = 4;

    /// <summary>
    /// Outputs of such a product that are summed in registers at once: up to 8 of 32 registers, or 6 of 16, in tiles as even as can be; of a product whose steps are
    /// written out as many as there have to be chains (measured, Zen 5, 64 samples, in place of 4 everywhere: 21-50-13 19.2 → 17.4 ns, 10-20-5 4.5 → 4.1, 4-16-3
    /// 3.6 → 3.9; 12 of them 10-20-5 4.25).
    /// </summary>
    /// <param name="width">The kernels' vector width.</param>
    /// <param name="outputs">All outputs.</param>
    /// <param name="inputs">The inputs.</param>
    public static int OutputsInLanes(VectorWidth width, int outputs, int inputs)
    {
        int most = inputs <= InputsWrittenOutInLanes ? Chains / VectorsInLanes : width.Registers == 32 ? 8 : 6;
        int tiles = (outputs + most - 1) / most;
        return (outputs + tiles - 1) / tiles;
    }

    /// <summary>The tile for a product over panels of the given width.</summary>
    /// <param name="width">The kernels' vector width.</param>
    /// <param name="layout">The layout whose panels the tile runs over.</param>
    /// <param name="panelWidth">Floats in a panel.</param>
    public static TilePlan ForPanel(VectorWidth width, PanelLayout layout, int panelWidth)
    {
        int lanes = Math.Min(width.Lanes, layout.VectorLength);
        int columns = Math.Min(panelWidth / lanes, MaxColumns(width));
        return new TilePlan(lanes, columns, new EquatableArray<int>(RowTiles(width, columns)));
    }

    /// <summary>
    /// The tile of a single row. All registers but those of a number and of a product are accumulators, and each vector of weights is
    /// read where it is used: so the row of a whole panel is read from front to back, as the caches' prefetchers like it.
    /// </summary>
    /// <param name="width">The kernels' vector width.</param>
    /// <param name="layout">The layout whose panels the tile runs over.</param>
    /// <param name="panelWidth">Floats in a panel.</param>
    public static TilePlan ForRow(VectorWidth width, PanelLayout layout, int panelWidth)
    {
        int lanes = Math.Min(width.Lanes, layout.VectorLength), vectors = panelWidth / lanes;
        int columns = Math.Min(vectors, width.Lanes == 1 ? MaxColumns(width) : width.Registers - 4);
        while (vectors % columns != 0)
            columns--;
        return new TilePlan(lanes, columns, new EquatableArray<int>([1]));
    }

    /// <summary>The most vectors side by side in a tile of several rows.</summary>
    public static int MaxColumns(VectorWidth width) => width switch
    {
        { Registers: 32 } => 4,
        { Lanes: 1 } => 4,
        _ => 2,
    };

    // With 32 registers: 24 accumulators, 4 vectors, a broadcast (6 × 4); fewer columns take rows that divide the usual
    // mini-batches. With 16: 12 accumulators, 2 vectors, a broadcast (6 × 2). Tiles of three and two rows are for a few samples: where
    // weights come from beyond the L1 cache, each reading of them counts (measured, 784-128-10: two samples 3.9 µs in place of 7.5).
    private static int[] RowTiles(VectorWidth width, int columns) => (width, columns) switch
    {
        ({ Registers: 32 }, 4) => [6, 4, 3, 2, 1],
        ({ Registers: 32 }, 3) => [8, 4, 2, 1],
        ({ Registers: 32 }, 2) => [8, 4, 2, 1],
        ({ Registers: 32 }, _) => [16, 4, 1],
        ({ Lanes: 1 }, _) => [1],
        (_, 2) => [6, 3, 2, 1],
        _ => [8, 4, 1],
    };

    /// <summary>
    /// Into how many partial sums each accumulator of a tile is split, so that a tile of few accumulators still has enough
    /// independent chains. What the split leaves of the steps goes into the first: of a known number, where there are enough rounds beside it (measured, Zen 5:
    /// 63-63-63 113 → 82 ns).
    /// </summary>
    /// <param name="accumulators">The accumulators.</param>
    /// <param name="steps">The number of steps, where it is known.</param>
    /// <param name="leavesRest">Whether some may be left.</param>
    public static int Splits(int accumulators, int? steps, bool leavesRest = true)
    {
        int splits = 1;
        while (accumulators * splits < Chains && (steps is not { } known || known % (splits * 2) == 0 || (leavesRest && known >= RoundsBesideRest * splits * 2)))
            splits *= 2;
        return splits;
    }

    /// <summary>
    /// Whether a tile has its last step row by row, each with what becomes of its sums. Behind a step as all others more stores would wait for their sums at once than a
    /// processor holds, and what comes after would not begin.
    /// </summary>
    /// <param name="sums">The tile's accumulators.</param>
    public static bool EndsByRows(int sums) => sums > StoresInWait;

    /// <summary>
    /// How many rows of a single sample's weights share a vector where they are much shorter than one: each then takes a part
    /// of a multiply-add. At least two vectors remain, since the parts have to be added in the end.
    /// </summary>
    public static int RowsInVector(VectorWidth width, PanelLayout layout)
    {
        int rows = layout.PaddedUnits == ShortestRow ? Math.Max(1, width.Lanes / ShortestRow) : 1;
        while (rows > 1 && (layout.Inputs % rows != 0 || layout.Inputs < 2 * rows))
            rows /= 2;
        return rows;
    }

    /// <summary>
    /// Whether a single sample's first layer reads its inputs two at a time: where it has more loads than a processor looks ahead, so that they bound
    /// it even if it waits for its inputs, and those of the inputs are no small part of them (measured: 128-32-1 takes 49 ns in place of 56, 256-16-4 52 in
    /// place of 66; 64-32-10 33 as before, but 60 in place of 55 where each call waits for the last).
    /// </summary>
    public static bool SpreadsFirstInputs(PanelLayout layout)
    {
        int vectors = layout.PaddedUnits / PanelLayout.Alignment;
        return layout.Inputs % 2 == 0 && vectors < 4 && (vectors + 1) * layout.Inputs >= LoadsAhead;
    }

    /// <summary>Whether a row is up to four units, few enough to go back column by column.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="rows">The rows that a vector holds.</param>
    public static bool PropagatesByColumns(PanelLayout layout, int rows) => layout.PaddedUnits == ShortestRow && (rows > 1 || layout.Units < ShortestRow);

    /// <summary>Into how many partial sums a single sample's written-out product is split.</summary>
    public static int UnrolledSplits(int vectors, int inputs) => Math.Max(1, Math.Min(Chains / vectors, inputs / 2));
}
