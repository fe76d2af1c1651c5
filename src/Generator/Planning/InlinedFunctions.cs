namespace Backprop.Generator.Planning;

/// <summary>
/// How many functions the JIT inlines for the parts of a single sample's kernels, each with locals of its own: the measure of
/// <see cref="JitBudget.InlinedFunctions"/>. From the heads of its listings at 256 bits, which those at 128 are like.
/// </summary>
internal static class InlinedFunctions
{
    private const int Compare = 10, Activation = 90, OutputVector = 100, PlainOutputVector = 40, Output = 150, GradientVector = 9, BackwardRow = 14, BackwardSums = 20, DotVector = 7, DotVectorInVariables = 11;

    /// <summary>The activations of a hidden layer, where they are written out with its product.</summary>
    public static int OfForward(LayerPlan layer, LayerSchedule schedule)
    {
        int vectors = layer.Layout.PaddedUnits / schedule.Lanes;
        return layer.IsOutput || !schedule.UnrollsOne ? 0
            : layer.FusesActivation ? vectors * Compare
            : schedule.UnrollsActivation ? vectors * Cost(layer) * Activation
            : 0;
    }

    /// <summary>The output layer's activation, loss and δ, where they are written out.</summary>
    public static int OfOutput(LayerPlan layer, LayerSchedule schedule) =>
        schedule.UnrollsActivation ? Output + CostOfOutputs(layer, schedule.Lanes) * (layer.FusesActivation ? PlainOutputVector : OutputVector) : 0;

    /// <summary>A layer's way back in registers: every vector of its gradient is written out.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="schedule">How it is computed.</param>
    public static int OfRegisters(LayerPlan layer, LayerSchedule schedule) =>
        (layer.Inputs / schedule.RowsInVector + (layer.Dense.Bias ? 1 : 0)) * (layer.Layout.PaddedUnits / schedule.Lanes) * GradientVector;

    /// <summary>A layer's way back in loops: some rows, and those that are left.</summary>
    public static int OfBackward(LayerPlan layer, LayerSchedule schedule, VectorWidth width) =>
        layer.Dots is { } dots ? OfDots(dots, width)
        : PanelGroup.Of(layer.Layout).Sum(group =>
        {
            TilePlan row = TilePlanner.ForRow(width, layer.Layout, group.Width);
            return layer.Number == 1
                ? OfRows(layer, row)
                : WrittenOut(layer.Inputs / schedule.RowsInVector, schedule.Lanes) * BackwardRow + BackwardSums;
        });

    /// <summary>The gradient of the first layer from δ in variables: in loops, but for each panel its own.</summary>
    /// <param name="first">The layer.</param>
    /// <param name="width">The kernels' vector width.</param>
    public static int OfFirstInVariables(LayerPlan first, VectorWidth width) =>
        Enumerable.Range(0, first.Layout.Panels).Sum(panel => OfRows(first, TilePlanner.ForRow(width, first.Layout, first.Layout.Width(panel))));

    // Rows of the first layer's gradient, and that of its biases.
    private static int OfRows(LayerPlan first, TilePlan row) => (WrittenOut(first.Inputs, TilePlanner.OuterProductRows(row)) + 1) * row.Columns * GradientVector;

    /// <summary>The gradient of a layer that lies along its inputs, and δ below, in variables: every vector is written out.</summary>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="width">The kernels' vector width.</param>
    public static int OfDotsInVariables(DotLayout layout, VectorWidth width) => layout.Units * (layout.Weights.PaddedUnits / width.Lanes) * DotVectorInVariables;

    /// <summary>
    /// The gradient of a layer that lies along its inputs, with δ below it where there is a layer: the vectors of inputs that loops have in their bodies and
    /// behind them, for every unit.
    /// </summary>
    public static int OfDots(DotLayout layout, VectorWidth width) => layout.Units * DotVector * DotRun.Of(layout, PanelLayout.MaxBlockLength).Sum(run =>
        WrittenOut(run.Width / width.Lanes, DotPlanner.GradientVectors(layout)) + (run.HasTail ? 1 : 0));

    // The rows of a loop's body and those behind it.
    private static int WrittenOut(int rows, int step) => rows < step ? rows : step + rows % step;

    /// <summary>What the vectors of an output layer's activation count: those that hold a unit.</summary>
    /// <param name="output">The layer.</param>
    /// <param name="lanes">Floats in a vector of it.</param>
    public static int CostOfOutputs(LayerPlan output, int lanes) => (output.Units + lanes - 1) / lanes * Cost(output);

    /// <summary>What a vector of a layer's activation counts: twice as much where φ′ is computed with φ; of an output, where the loss follows, never nothing.</summary>
    public static int Cost(LayerPlan layer) => layer.StoresDerivative ? 2 : layer.FusesActivation && !layer.IsOutput ? 0 : 1;
}
