namespace Backprop.Generator.Planning;

/// <summary>
/// How many local variables the method of a single sample's forward pass has: the measure of <see cref="JitBudget.InlinedLocals"/>. C# gives each name one of its
/// own, whatever its scope, but not to numbers that are used at once, such as inputs.
/// </summary>
internal static class InlinedLocals
{
    // References to parameters and scratch.
    private const int Others = 2;

    // Of a loop, references to its weights and inputs and its counter.
    private const int OfLoop = 3;

    /// <summary>The locals of all layers.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="schedules">How they are computed.</param>
    /// <param name="width">The kernels' vector width.</param>
    public static int OfForward(LayerPlan[] layers, LayerSchedule[] schedules, VectorWidth width)
    {
        int locals = Others;
        for (int i = 0; i < layers.Length; i++)
            locals += OfProduct(layers[i], schedules[i], width) + (i < layers.Length - 1 ? OfActivations(layers[i], schedules[i], schedules[i + 1]) : 0);
        return locals;
    }

    private static int OfProduct(LayerPlan layer, LayerSchedule schedule, VectorWidth width)
    {
        int vectors = layer.Layout.PaddedUnits / schedule.Lanes;
        if (layer.Dots is { } dots)
            return schedule.TakesVectors ? dots.Units * DotPlanner.Splits(dots.Units, dots.Inputs / width.Lanes) + 1 : 0;
        if (schedule.UnrollsOne)
            return vectors * TilePlanner.UnrolledSplits(vectors, layer.Inputs / schedule.RowsInVector) + schedule.RowsInVector;
        return schedule.LoopsOne ? vectors * (1 + TilePlanner.Splits(vectors, layer.Inputs, leavesRest: !schedule.SpreadsInputs)) + OfLoop : 0;
    }

    // References to where they are stored, and φ′ beside them.
    private static int OfActivations(LayerPlan layer, LayerSchedule schedule, LayerSchedule above) =>
        (above.TakesVectors ? 0 : layer.StoresDerivative ? 2 : 1)
        + (layer.StoresDerivative && schedule.AppliesAtOnce(layer) ? layer.Layout.PaddedUnits / schedule.Lanes : 0);
}
