namespace Backprop.Generator.Planning;

/// <summary>Decides how a few samples go through the network: one by one, or as a batch, whose kernels would leave most of a vector or of a tile empty.</summary>
internal static class FewSamplesPlanner
{
    // Fewer rows than the smaller tiles have leave a tile's registers idle, which does not matter where the weights come from beyond the L1 cache and are read once for
    // all samples.
    private const int RowsOfTile = 4;

    // Functions of so few units take less time for a vector of samples than a few samples wait for them.
    private const int FewFunctions = 10;

    /// <summary>Of fewer samples than these, outputs or losses are computed one by one; null where they never are.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="batchInLanes">Whether a batch has its samples in the lanes.</param>
    /// <param name="parameters">Floats of all parameters.</param>
    /// <param name="slice">The most samples that are taken at once.</param>
    public static int? OneByOneBelow(LayerPlan[] layers, bool batchInLanes, int parameters, int slice) =>
        batchInLanes ? Within(slice, Fewest(layers).Forward)
        : parameters <= Caches.ParametersInL1 ? Within(slice, RowsOfTile)
        : null;

    /// <summary>The same for a gradient.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="batchInLanes">Whether a batch has its samples in the lanes.</param>
    /// <param name="one">How a single sample goes through the network.</param>
    /// <param name="slice">The most samples that are taken at once.</param>
    public static int? GradientOneByOneBelow(LayerPlan[] layers, bool batchInLanes, SinglePlan one, int slice) =>
        batchInLanes ? Within(slice, Fewest(layers).Gradient)
        : one.InRegisters && layers[0].Dots is null ? Within(slice, RowsOfTile)
        : null;

    /// <summary>
    /// Whether two samples' gradients are formed one after the other, a·δᵀ of both with the second. Beyond the first-level cache the weights would be
    /// read twice for it.
    /// </summary>
    /// <param name="batchInLanes">Whether a batch has its samples in the lanes.</param>
    /// <param name="one">How a single sample goes through the network.</param>
    /// <param name="parameters">Floats of all parameters.</param>
    public static bool GradientPairsOneByOne(bool batchInLanes, SinglePlan one, int parameters) =>
        !batchInLanes && !one.InRegisters && parameters <= Caches.ParametersInL1;

    /// <summary>
    /// Whether δ of a few samples is propagated along the rows of W: a transposed copy is made for them only where the weights are in the L1 cache (measured, 2 samples: along
    /// the rows 128-128-128-128-128-10 takes a quarter less, 64-32-10 a fifth more).
    /// </summary>
    /// <param name="parameters">Floats of all parameters.</param>
    public static bool PropagatesByRows(int parameters) => parameters > Caches.ParametersInL1;

    // The fewest samples that are worth putting into the lanes: a vector of them takes the same time whatever their number, for the functions of all units; one by one
    // each sample waits for one layer's functions after the other (measured, Zen 5, as many samples as take as long one by one, outputs and gradients:
    // 2-2-1 4.6 and 3.6, 2-8-2 5.9 and 3.8, 4-16-3 8.2 and 5.7, 13-7-5-3 5.4 and 3.8, 6-6-6-6-1 3.9 and 2.8; 1-8-1 9.3 and 7.2).
    private static (int Forward, int Gradient) Fewest(LayerPlan[] layers)
    {
        LayerPlan[] waits = [.. layers.Where(layer => !layer.FusesActivation)];
        return waits.Length switch
        {
            2 when waits.Sum(layer => layer.Units) <= FewFunctions => (6, 5),
            <= 2 => (8, 6),
            3 => (5, 4),
            _ => (4, 3),
        };
    }

    // A limit that a slice reaches; below 3 it would not let two samples go one by one.
    private static int? Within(int slice, int limit) => Math.Min(slice, limit) is var below and > 2 ? below : null;
}
