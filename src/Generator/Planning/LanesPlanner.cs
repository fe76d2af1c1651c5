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
    /// Whether training has its samples there where outputs and losses have. Gradients are summed across lanes for each block of samples, which takes more than it
    /// saves of more parameters (measured, 64 samples: forward of 120-50-10 69 → 58 ns, of 100-50-20-3 75 → 60, but steps 140 → 155, 152 → 157).
    /// </summary>
    /// <param name="layers">The network's layers.</param>
    public static bool TrainsInLanes(LayerPlan[] layers) => NetworkPlanner.Parameters(layers) <= Caches.ParametersInL1;

    /// <summary>
    /// Whether full slices have: where units fill some of their vectors only in part (20 of 32 lanes), samples in the lanes save what the padding costs, once a slice
    /// has enough of them: where what is left is at most four fifths, in vectors of products and activations (measured, 64 samples:
    /// 10-20-5 forward 15.6 → 9.8 ns, step 32 → 21; 13-50-13, near the limit, 16.1 → 14.0, 41 → 38; with fewer samples tiles are faster).
    /// </summary>
    /// <param name="spec">The network.</param>
    /// <param name="layers">Its layers.</param>
    public static bool FullSlicesInLanes(NetworkSpec spec, LayerPlan[] layers)
    {
        if (ScratchPlanner.SliceSize(spec, layers) < LeastFullSlice || NetworkPlanner.Parameters(layers) > Caches.ParametersOfLargestL1 || layers[0].Dots is not null
            || spec.Outputs > MaxOutputs || layers.Any(layer => layer.Layout.Panels > 1))
            return false;
        int otherwise = layers.Sum(layer => layer.Dots is { } dots ? Math.Min(AlongUnits(layer), AlongInputs(dots)) : AlongUnits(layer));
        int samplesInLanes = layers.Sum(layer => Operations(layer) * layer.Units);
        return 5 * samplesInLanes <= 4 * otherwise;

        static int AlongUnits(LayerPlan layer) => Operations(layer) * Math.Max(PanelLayout.Alignment, layer.Layout.PaddedUnits);

        static int AlongInputs(DotLayout dots) => (dots.Weights.PaddedUnits + SumAcrossLanes) * dots.Units;

        static int Operations(LayerPlan layer) => layer.Inputs + (layer.FusesActivation ? 0 : OperationsOfActivation);
    }
}
