namespace Backprop.Generator.Planning;

/// <summary>Decides how a few samples go through the network: one by one, or as a batch, whose kernels would leave most of a vector or of a tile empty.</summary>
internal static class FewSamplesPlanner
{
    // From here on a batch of any width is worth its while.
    private const int RowsOfTile = 4;

    /// <summary>Of fewer samples than these, outputs or losses are computed one by one; null where they never are.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="batchInLanes">Whether a batch has its samples in the lanes.</param>
    /// <param name="parameters">Floats of all parameters.</param>
    /// <param name="slice">The most samples that are taken at once.</param>
    public static int? OneByOneBelow(LayerPlan[] layers, bool batchInLanes, int parameters, int slice) =>
        batchInLanes ? Within(slice, Waits(layers) switch { <= 2 => 8, 3 => 5, _ => 4 }) // as TrainsOneByOneBelow
        : parameters <= Caches.ParametersInL1 ? Within(slice, RowsOfTile)
        : null;

    /// <summary>
    /// The same for a gradient. With the samples in the lanes it takes the same time of one vector of them, whatever their number; one by one the chain of layers is
    /// waited for in each (measured, Zen 5, as many samples as take as long one by one: 2-2-1 5, 4-16-3 6, 13-7-5-3 3.8, 6-6-6-6-1 2.8; outputs 10, 8, 5.4, 3.9).
    /// </summary>
    /// <param name="layers">The layers.</param>
    /// <param name="batchInLanes">Whether a batch has its samples in the lanes.</param>
    /// <param name="one">How a single sample goes through the network.</param>
    /// <param name="slice">The most samples that are taken at once.</param>
    public static int? TrainsOneByOneBelow(LayerPlan[] layers, bool batchInLanes, SinglePlan one, int slice) =>
        batchInLanes ? Within(slice, Waits(layers) switch { <= 2 => 6, 3 => 4, _ => 3 })
        : one.InRegisters && layers[0].Dots is null ? Within(slice, RowsOfTile)
        : null;

    /// <summary>
    /// Whether two samples' gradients are formed one after the other, a·δᵀ of both with the second. Beyond the first-level cache the weights would be
    /// read twice for it.
    /// </summary>
    /// <param name="batchInLanes">Whether a batch has its samples in the lanes.</param>
    /// <param name="one">How a single sample goes through the network.</param>
    /// <param name="parameters">Floats of all parameters.</param>
    public static bool TrainsPairsOneByOne(bool batchInLanes, SinglePlan one, int parameters) =>
        !batchInLanes && !one.InRegisters && parameters <= Caches.ParametersInL1;

    /// <summary>
    /// Whether δ of a few samples is propagated along the rows of W: a transposed copy is made for them only where the weights are in the L1 cache (measured, 2 samples: along
    /// the rows 128-128-128-128-128-10 takes a quarter less, 64-32-10 a fifth more).
    /// </summary>
    /// <param name="parameters">Floats of all parameters.</param>
    public static bool PropagatesByRows(int parameters) => parameters > Caches.ParametersInL1;

    // The functions that a sample waits for, one after the other.
    private static int Waits(LayerPlan[] layers) => layers.Count(layer => !layer.FusesActivation);

    // A limit that a slice reaches; below 3 it would not let two samples go one by one.
    private static int? Within(int slice, int limit) => Math.Min(slice, limit) is var below and > 2 ? below : null;
}
