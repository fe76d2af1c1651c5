namespace Backprop.Generator.Planning;

/// <summary>Decides where a batch has its samples in a vector's lanes, not the units.</summary>
internal static class LanesPlanner
{
    /// <summary>
    /// Up to how many outputs a batch's output stage works on transposed blocks: as many as one vector of units would hold,
    /// since from there on the lanes of the units are filled too. Where they are more vectors than stay in registers, a row fills
    /// most of its lanes, and a single sample is served by the same loops over it.
    /// </summary>
    private const int MaxOutputs = PanelLayout.Alignment;

    /// <summary>Up to how many parameters are broadcast one by one whatever the number of samples.</summary>
    private const int MaxParameters = PanelLayout.MaxBlockLength / 2;

    /// <summary>The fewest samples that are worth putting into the lanes where units fill most of them: four fifths of 64.</summary>
    public const int LeastFullSlice = 52;

    // About as many multiply-adds as sigmoid, tanh or eˣ take.
    private const int OperationsOfActivation = 15;

    // What a sum across lanes takes, in multiply-adds: three vectors of them.
    private const int SumAcrossLanes = 3 * PanelLayout.Alignment;

    // What turning an output there and back takes, likewise.
    private const int TurningOfOutput = 12;

    /// <summary>Whether the output stage has its samples there.</summary>
    /// <param name="spec">The network.</param>
    public static bool OutputInLanes(NetworkSpec spec) => spec.Outputs <= MaxOutputs;

    /// <summary>
    /// Whether all of a batch has: where layers are so narrow that units would leave most lanes idle, it takes at most
    /// half the multiply-adds, and every layer's units and the lanes of every parameter's gradient fit.
    /// </summary>
    /// <param name="spec">The network.</param>
    /// <param name="layers">Its layers.</param>
    public static bool BatchInLanes(NetworkSpec spec, LayerPlan[] layers)
    {
        if (spec.Inputs > PanelLayout.Alignment || layers.Any(layer => layer.Units > PanelLayout.Alignment) || NetworkPlanner.Parameters(layers) > MaxParameters)
            return false;
        int unitsInLanes = layers.Sum(layer => layer.Inputs);
        int samplesInLanes = layers.Sum(layer => layer.Inputs * layer.Units);
        return 2 * samplesInLanes <= unitsInLanes * PanelLayout.Alignment;
    }

    /// <summary>
    /// Whether training's full slices have their samples there where those of outputs and losses do. Gradients are summed across lanes for each block of samples, which takes more than it
    /// saves of more parameters (measured, 64 samples: forward of 120-50-10 69 → 58 ns, of 100-50-20-3 75 → 60, but steps 140 → 155, 152 → 157), or of layers
    /// that fill more than four fifths of their vectors (10-20-5 32 → 21; 13-50-13, near the limit, 41 → 38; Emerald Rapids, beyond it, 5-32-32-2 52 → 69, 64-32-10 76 → 113).
    /// </summary>
    /// <param name="layers">The network's layers.</param>
    public static bool TrainsInLanes(LayerPlan[] layers) =>
        NetworkPlanner.Parameters(layers) <= Caches.ParametersInL1 && 5 * OperationsInLanes(layers) <= 4 * OperationsOfTiles(layers);

    /// <summary>
    /// Whether full slices have: samples in the lanes save what padding costs (20 units take two vectors), sums across lanes and the turning of outputs, once a slice has
    /// enough of them: where at most nine tenths are left, in vectors of products and activations (measured, 64 samples, Emerald Rapids, forward: 64-32-10 40.8 → 37.5 ns,
    /// 64-48-10 56 → 52.5, 5-32-32-2 19.3 → 17.6; beyond the limit 32-32-32-4 29.5 → 29.8, 13-64-1 13.0 → 13.9; with fewer samples tiles are faster).
    /// </summary>
    /// <param name="spec">The network.</param>
    /// <param name="layers">Its layers.</param>
    public static bool FullSlicesInLanes(NetworkSpec spec, LayerPlan[] layers) =>
        ScratchPlanner.SliceSize(spec, layers) >= LeastFullSlice && NetworkPlanner.Parameters(layers) <= Caches.ParametersOfLargestL1 && layers[0].Dots is null
        && spec.Outputs <= MaxOutputs && layers.All(layer => layer.Layout.Panels == 1)
        && 10 * OperationsInLanes(layers) <= 9 * (OperationsOfTiles(layers) + OperationsOfOutputs(layers[layers.Length - 1]));

    // What outputs take beside their product: sums across lanes are of four outputs, or of one; units are turned for their activation.
    private static int OperationsOfOutputs(LayerPlan last) =>
        last.Dots is not null && last.Units is > 1 and < TilePlanner.ShortestRow ? SumAcrossLanes * (TilePlanner.ShortestRow - last.Units)
        : last.Activation == Activation.Identity ? 0
        : TurningOfOutput * last.Units;

    // Multiply-adds of a sample and what its activations take, without any padding.
    private static int OperationsInLanes(LayerPlan[] layers) => layers.Sum(layer => Operations(layer) * layer.Units);

    // The same in vectors of units, or of inputs where a last layer's sums across lanes cost less than that.
    private static int OperationsOfTiles(LayerPlan[] layers)
    {
        return layers.Sum(layer => layer.Dots is { } dots ? Math.Min(AlongUnits(layer), AlongInputs(dots)) : AlongUnits(layer));

        static int AlongUnits(LayerPlan layer) => Operations(layer) * Math.Max(PanelLayout.Alignment, layer.Layout.PaddedUnits);

        static int AlongInputs(DotLayout dots) => (dots.Weights.PaddedUnits + SumAcrossLanes) * dots.Units;
    }

    private static int Operations(LayerPlan layer) => layer.Inputs + (layer.FusesActivation ? 0 : OperationsOfActivation);
}
