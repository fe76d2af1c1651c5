using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the gradient of a layer's parameters over a batch, ∂C/∂W = Σₛ a·δᵀ and ∂C/∂b = Σₛ δ: tiles of inputs × units,
/// summed over the samples, each handed to the sink as soon as it is complete. Tiles take the sink by value: what it holds
/// is then in registers, where a reference would be read again after every store.
/// </summary>
internal sealed class WeightGradientEmitter(SourceWriter writer, KernelContext context)
{
    private readonly TurnedGradientEmitter _turned = new(writer, context);

    public void Write(LayerPlan layer)
    {
        PanelGroup[] groups = [.. PanelGroup.Of(layer.Layout)];
        // All panels take the same rows of inputs: as many as the widest tile has registers for.
        IReadOnlyList<TileRun> runs = TileRun.Of(layer.Inputs, groups.Min(group => context.Tile(layer.Layout, group).Rows));
        if (context.Begin(LayerName(layer)))
            WriteLayer(layer, groups, runs);
        if (Turns(layer))
            _turned.WriteTiles(layer);
        foreach (PanelGroup group in groups)
        {
            foreach (TileRun run in runs)
                WriteTile(layer, group, run.Rows);
        }
        if (layer.Dense.Bias)
        {
            foreach (PanelGroup group in groups)
                WriteBiasTile(layer, group);
        }
    }

    /// <summary>The call that forms a layer's gradient.</summary>
    public string Call(LayerPlan layer, string x, string delta) => $"{LayerName(layer)}(ref {x}, ref {delta}, samples, ref target, {layer.Offset}, ref sink{(Turns(layer) ? $", ref {TurnedForwardEmitter.Buffer}" : "")});";

    private bool Turns(LayerPlan layer) => context.Schedule.Layers[layer.Number - 1].TurnsBatch;

    /// <summary>The name of the method that forms a layer's gradient.</summary>
    public string LayerName(LayerPlan layer) => context.SharedName(
        $"WeightGradient{layer.Number}", ("gradient", layer.Layout, layer.Dots, context.Plan.InputStride(layer), layer.Stride));

    private void WriteLayer(LayerPlan layer, PanelGroup[] groups, IReadOnlyList<TileRun> runs)
    {
        string source = layer.Number == 1 ? "x" : $"a{layer.Number - 1}";
        writer.Line();
        writer.Line($"/// <summary>Layer {layer.Number}: ∂C/∂W{layer.Number}[{layer.Inputs},{layer.Units}] = Σₛ {source}[s]·δ{layer.Number}[s]ᵀ{(layer.Dense.Bias ? $", ∂C/∂b{layer.Number} = Σₛ δ{layer.Number}[s]" : "")}, tile by tile into the sink, from the parameter first on.{context.Likewise(layer, LayerName)}</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {LayerName(layer)}<TSink>(ref float x, ref float delta, int samples, ref float target, int first, ref TSink sink{(Turns(layer) ? $", ref float {TurnedForwardEmitter.Buffer}" : "")}) {Names.SinkConstraint}"))
        {
            if (Turns(layer))
            {
                using (writer.Block($"if (samples >= {DotPlanner.LeastTurned})"))
                    _turned.WriteWeights(layer);
                writer.Line("else");
            }
            using (Turns(layer) ? writer.Block() : (SourceWriter.Scope?)null)
                WriteWeights(layer, groups, runs);
            if (layer.Dense.Bias)
                WriteBiases(layer, groups);
        }
    }

    private void WriteWeights(LayerPlan layer, PanelGroup[] groups, IReadOnlyList<TileRun> runs)
    {
        foreach (TileRun run in runs)
        {
            if (run.Tiles == 1)
                WriteBlock(layer, groups, run.Rows, $"{run.First}");
            else
            {
                using (writer.Block($"for (int i = {run.First}; i < {run.End}; i += {run.Rows})"))
                    WriteBlock(layer, groups, run.Rows, "i", ownScope: true);
            }
        }
    }

    private string TileName(LayerPlan layer, PanelGroup group, int rows) => $"WeightGradientTile{rows}x{context.Tile(layer.Layout, group).Width}";

    private string BiasTileName(LayerPlan layer, PanelGroup group) => $"BiasGradientTile{context.Tile(layer.Layout, group).Width}";

    private string TypeArguments(LayerPlan layer, PanelGroup group) => $"<{ProductShapes.OfLayer(context.Plan, layer, group)}, TSink>";

    // The argument that says which columns of a panel a tile is to compute.
    private string Column(PanelGroup group, TilePlan tile) => !context.LoopsColumns ? "" : group.Width != tile.Width ? "column, " : "0, ";

    // One block of rows in every panel; input is the first row. A loop's body is a scope of its own.
    private void WriteBlock(LayerPlan layer, PanelGroup[] groups, int rows, string input, bool ownScope = false)
    {
        foreach (PanelGroup group in groups)
        {
            string row = input == "0" ? "" : $"{input} * {group.Width}";
            WritePanels(layer, group, ownScope ? groups.Length : 2, group.Offset, row, rows, $"{TileName(layer, group, rows)}{TypeArguments(layer, group)}({VectorSyntax.At("x", input)}, ");
        }
    }

    private void WriteBiases(LayerPlan layer, PanelGroup[] groups)
    {
        foreach (PanelGroup group in groups)
            WritePanels(layer, group, 2, group.Offset + layer.Inputs * group.Width, "", 1, $"{BiasTileName(layer, group)}{TypeArguments(layer, group)}(");
    }

    // Some rows of every panel of a group, from a place of the first panel on; call is how the call of their tile begins.
    private void WritePanels(LayerPlan layer, PanelGroup group, int groups, int place, string row, int rows, string call)
    {
        TilePlan tile = context.Tile(layer.Layout, group);
        using (TileEmitter.PanelLoop(writer, group, groups))
        {
            string offset = VectorSyntax.Sum(TileEmitter.Offset(group, place, layer.Layout.Rows * group.Width, column: false), row);
            string unit = TileEmitter.Offset(group, group.FirstUnit, group.Width, column: group.Width != tile.Width);
            writer.Line($"int offset = {VectorSyntax.Sum("first", offset)};");
            writer.Line("ref float block = ref BpMem::Unsafe.Add(ref target, offset);");
            TileEmitter.WriteColumns(writer, group, tile.Width, $"{call}{VectorSyntax.At("delta", unit)}, samples, ref block, {Column(group, tile)}sink);");
            writer.Line($"sink.Complete(ref block, offset, {rows * group.Width});");
        }
    }

    private void WriteTile(LayerPlan layer, PanelGroup group, int rows)
    {
        string name = TileName(layer, group, rows);
        if (!context.Begin(name))
            return;
        TilePlan tile = context.Tile(layer.Layout, group);
        VectorSyntax vector = context.Vector(tile.Lanes);
        TileRow row = Row(vector);
        var product = new TileProduct(
            rows, tile.Columns, TilePlanner.Splits(rows * tile.Columns, steps: null),
            new TileOperand("x", Step: TileDistance.InputStride, Row: 1), new TileOperand("delta", Step: TileDistance.OutputStride), Steps: null)
        { EndsByRows = tile.EndsByRows(rows) };
        writer.Line();
        writer.Line($"// {rows} {(rows == 1 ? "input" : "inputs")} × {tile.Width} units.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}<{ProductShapes.Parameter}, TSink>(ref float x, ref float delta, int samples, ref float block, {(context.LoopsColumns ? "int column, " : "")}TSink sink) {ProductShapes.Constraint} {Names.SinkConstraint}"))
        {
            TileDistance.Declare(writer, rows == 1 ? [TileDistance.InputStride, TileDistance.OutputStride] : [TileDistance.InputStride, TileDistance.OutputStride, TileDistance.PanelWidth]);
            TileEmitter.Write(writer, vector, product, initial: null);
            row.WriteUse(writer, vector, product, Place);
        }
        row.WriteMethod(writer, context, vector, product);
    }

    private void WriteBiasTile(LayerPlan layer, PanelGroup group)
    {
        string name = BiasTileName(layer, group);
        if (!context.Begin(name))
            return;
        TilePlan tile = context.Tile(layer.Layout, group);
        VectorSyntax vector = context.Vector(tile.Lanes);
        TileRow row = Row(vector);
        var sum = new TileProduct(
            Rows: 1, tile.Columns, TilePlanner.Splits(tile.Columns, steps: null), Broadcast: null, new TileOperand("delta", Step: TileDistance.OutputStride), Steps: null);
        writer.Line();
        writer.Line($"// Σₛ δ[s], {tile.Width} units.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}<{ProductShapes.Parameter}, TSink>(ref float delta, int samples, ref float block, {(context.LoopsColumns ? "int column, " : "")}TSink sink) {ProductShapes.Constraint} {Names.SinkConstraint}"))
        {
            TileDistance.Declare(writer, TileDistance.OutputStride);
            TileEmitter.Write(writer, vector, sum, initial: null);
            row.WriteUse(writer, vector, sum, Place);
        }
        row.WriteMethod(writer, context, vector, sum);
    }

    private static TileRow Row(VectorSyntax vector) => new(
        "Accept", "TSink", "a part of the gradient, into the sink", Names.SinkConstraint, "ref TSink sink, ref float block", "ref sink, ref block",
        (z, at) => $"sink.Accept<{vector.Wrapper}>(ref block, {at}, {z});");

    // Where the gradient of a row's weights lies in the block.
    private string Place(int row) => VectorSyntax.Sum(context.LoopsColumns ? "column" : "", TileDistance.PanelWidth.Times(row));
}
