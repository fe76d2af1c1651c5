using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>What was decided for one vector width.</summary>
/// <param name="Width">The width.</param>
/// <param name="Layers">The layers, first to last.</param>
/// <param name="One">How a single sample goes through them.</param>
/// <param name="GradientOneByOneBelow">The gradient of fewer samples is formed sample by sample; null where it never is.</param>
/// <param name="GradientPairsOneByOne">Whether that of two samples is formed one after the other, a·δᵀ of both with the second.</param>
/// <param name="OutputInLanes">Whether the output stage of a batch has the samples in a vector's lanes, not the units.</param>
/// <param name="BatchInLanes">Whether all of a batch's work has the samples in a vector's lanes.</param>
/// <param name="InlinesLanes">Whether the layers of a batch with its samples in the lanes are passed in one method, not each in its own.</param>
/// <param name="FullSlices">The slices that have their samples in the lanes where only some have; null where none has, or all.</param>
internal sealed record WidthPlan(
    VectorWidth Width, EquatableArray<LayerSchedule> Layers, SinglePlan One, int? GradientOneByOneBelow, bool GradientPairsOneByOne,
    bool OutputInLanes, bool BatchInLanes, bool InlinesLanes, FullSlices? FullSlices)
{
    /// <summary>
    /// Whether ∂C/∂x of a batch is a product in tiles, for which the first layer's weights are turned, not one of each sample: that needs as many inputs as a
    /// vector has lanes, and weights that do not lie along them as it is (measured: 784-128-10 2.5 µs a sample in place of 4.3, 64-32-10 64 ns in place of 76).
    /// </summary>
    /// <param name="first">The first layer.</param>
    public bool TilesInputGradient(LayerPlan first) => first.Dots is null && first.Inputs >= Width.Lanes;
}

/// <summary>Slices with enough samples to fill the lanes: what is left empty of the last steps is at most a quarter of the samples.</summary>
/// <param name="Least">The fewest samples.</param>
/// <param name="Step">The samples that a product works on at once.</param>
internal sealed record FullSlices(int Least, int Step)
{
    /// <summary>The samples there must be for each lane without one.</summary>
    public const int SamplesPerEmptyLane = 4;
}

/// <summary>How one layer is computed at one vector width.</summary>
/// <param name="Lanes">Floats in a vector of this layer: fewer than the width has where all units fit in fewer.</param>
/// <param name="UnrollsOne">Whether the product of a single sample is written out in the method of the whole forward pass.</param>
/// <param name="UnrollsActivation">Whether what follows that product is written out with it: φ, and for the last layer loss and δ.</param>
/// <param name="Parts">The methods that it is written out in where it has its own; else none.</param>
internal sealed record LayerSchedule(int Lanes, bool UnrollsOne, bool UnrollsActivation, EquatableArray<ProductPart> Parts)
{
    /// <summary>
    /// Whether a single sample's product reads its inputs two at a time and spreads each over the lanes. Where weights come from the L1 cache, that
    /// leaves more of the loads to them (measured: 128-32-1 takes 49 ns in place of 56, 64-64-64 78 in place of 82). Longer parts of what
    /// vectors were stored to would wait: a quarter of one until it has reached the cache, and a vector for all of a caller's single stores.
    /// </summary>
    public bool SpreadsInputs { get; init; }

    /// <summary>
    /// Whether it takes them from the variables in which the layer below has left them: from memory it would wait for the stores (measured:
    /// 16-32-32-8 takes 37 ns in place of 42).
    /// </summary>
    public bool TakesVectors { get; init; }

    /// <summary>
    /// Whether the product of a single sample loops in the method of the whole forward pass, for a layer above that takes its results from
    /// variables, and not in one that it shares with batches (measured: 64-32-10 takes 33 ns in place of 36).
    /// </summary>
    public bool LoopsOne { get; init; }

    /// <summary>Whether φ follows the written-out product of a single sample in the same method.</summary>
    /// <param name="layer">The layer.</param>
    public bool AppliesAtOnce(LayerPlan layer) => UnrollsOne && (UnrollsActivation || layer.FusesActivation);

    /// <summary>
    /// The rows of weights that a vector of a single sample's written-out product holds: several, where they are much shorter (measured before
    /// such layers lay along their inputs: 32-32-32-4 23 ns in place of 31, a step of 100-32-3 137 in place of 155; two rows of eight units gain nothing).
    /// </summary>
    public int RowsInVector { get; init; } = 1;

    /// <summary>
    /// Whether, where <see cref="SinglePlan.InRegisters"/>, δ below is the sum of a few columns of weights, each times a number, which only their
    /// products wait for. Columns of whole rows of four take more shuffles than sums across lanes do (measured, 6-12-4: with several rows in a
    /// vector 37.3 → 35 ns, with one 43 → 46).
    /// </summary>
    public bool PropagatesByColumns { get; init; }

    /// <summary>
    /// Whether a single sample's rows of weights that are left behind whole vectors of δ below have a method of their own: behind panels of two widths all
    /// rows exceed what the JIT inlines (measured: a step of 8-46-105 takes 210 ns in place of 341).
    /// </summary>
    public bool PropagatesRestApart { get; init; }

    /// <summary>Whether a batch's forward product turns the weights round, so that vectors run over the inputs, for which the units are too few.</summary>
    public bool TurnsBatch { get; init; }

    /// <summary>Whether the product of a single sample loops over tiles of one row.</summary>
    public bool TilesOne => !UnrollsOne && Parts.Count == 0;
}
