using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the gradient of a layer's parameters over a batch, ∂C/∂W = Σₛ a·δᵀ and ∂C/∂b = Σₛ δ: tiles of inputs × units,
/// summed over the samples, each handed to the sink as soon as it is complete. Tiles take the sink by value: what it holds
/// is then in registers, where a reference would be read again after every store.
/// </summary>
internal sealed class WeightGradientEmitter(SourceWriter writer, KernelContext context)
{
    public void Write(LayerPlan layer)
    {
        PanelGroup[] groups = [.. PanelGroup.Of(layer.Layout)];
        string source = layer.Number == 1 ? "x" : $"a{layer.Number - 1}";
        int mainRows = Math.Min(groups.Max(group => context.Tile(layer.Layout, group).Rows), layer.Inputs);
        int rest = layer.Inputs % mainRows;
        writer.Line();
        writer.Line($"/// <summary>Layer {layer.Number}: ∂C/∂W{layer.Number}[{layer.Inputs},{layer.Units}] = Σₛ {source}[s]·δ{layer.Number}[s]ᵀ{(layer.Dense.Bias ? $", ∂C/∂b{layer.Number} = Σₛ δ{layer.Number}[s]" : "")}, tile by tile into the sink.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void WeightGradient{layer.Number}<TSink>(ref float x, ref float delta, int samples, ref float target, ref TSink sink) {Names.SinkConstraint}"))
        {
            if (layer.Inputs - rest == mainRows)
                WriteBlock(layer, groups, mainRows, "0");
            else
            {
                using (writer.Block($"for (int i = 0; i < {layer.Inputs - rest}; i += {mainRows})"))
                    WriteBlock(layer, groups, mainRows, "i", ownScope: true);
            }
            if (rest > 0)
                WriteBlock(layer, groups, rest, $"{layer.Inputs - rest}");
            if (layer.Dense.Bias)
                WriteBiases(layer, groups);
        }
        foreach (PanelGroup group in groups)
        {
            WriteTile(layer, group, mainRows);
            if (rest > 0)
                WriteTile(layer, group, rest);
        }
        if (layer.Dense.Bias)
        {
            foreach (PanelGroup group in groups)
                WriteBiasTile(layer, group);
        }
    }

    private string TileName(LayerPlan layer, PanelGroup group, int rows) => context.SharedName(
        $"WeightGradient{layer.Number}Tile{rows}x{context.Tile(layer.Layout, group).Width}{context.GroupSuffix(layer.Layout, group)}",
        ("gradient", rows, group.Width, layer.Layout.VectorLength, context.InputStride(layer), layer.Stride));

    private string BiasTileName(LayerPlan layer, PanelGroup group) => context.SharedName(
        $"BiasGradient{layer.Number}Tile{context.Tile(layer.Layout, group).Width}{context.GroupSuffix(layer.Layout, group)}",
        ("bias", group.Width, layer.Layout.VectorLength, layer.Stride));

    // One block of rows in every panel; input is the first row. A loop's body is a scope of its own.
    private void WriteBlock(LayerPlan layer, PanelGroup[] groups, int rows, string input, bool ownScope = false)
    {
        foreach (PanelGroup group in groups)
        {
            TilePlan tile = context.Tile(layer.Layout, group);
            bool columns = group.Width != tile.Width;
            using (TileEmitter.PanelLoop(writer, group, ownScope ? groups.Length : 2))
            {
                string row = input == "0" ? "" : $"{input} * {group.Width}";
                writer.Line($"int offset = {VectorSyntax.Sum(TileEmitter.Offset(group, layer.Offset + group.Offset, layer.Layout.Rows * group.Width, column: false), row)};");
                writer.Line("ref float block = ref BpMem::Unsafe.Add(ref target, offset);");
                using (TileEmitter.ColumnLoop(writer, group, tile.Width))
                {
                    string unit = TileEmitter.Offset(group, group.FirstUnit, group.Width, columns);
                    writer.Line($"{TileName(layer, group, rows)}({VectorSyntax.At("x", input)}, {VectorSyntax.At("delta", unit)}, samples, ref block, {(columns ? "column, " : "")}sink);");
                }
                writer.Line($"sink.Complete(ref block, offset, {rows * group.Width});");
            }
        }
    }

    private void WriteBiases(LayerPlan layer, PanelGroup[] groups)
    {
        foreach (PanelGroup group in groups)
        {
            TilePlan tile = context.Tile(layer.Layout, group);
            bool columns = group.Width != tile.Width;
            using (TileEmitter.PanelLoop(writer, group, groups: 2))
            {
                writer.Line($"int offset = {TileEmitter.Offset(group, layer.Offset + group.Offset + layer.Inputs * group.Width, layer.Layout.Rows * group.Width, column: false)};");
                writer.Line("ref float block = ref BpMem::Unsafe.Add(ref target, offset);");
                using (TileEmitter.ColumnLoop(writer, group, tile.Width))
                {
                    string unit = TileEmitter.Offset(group, group.FirstUnit, group.Width, columns);
                    writer.Line($"{BiasTileName(layer, group)}({VectorSyntax.At("delta", unit)}, samples, ref block, {(columns ? "column, " : "")}sink);");
                }
                writer.Line($"sink.Complete(ref block, offset, {group.Width});");
            }
        }
    }

    private void WriteTile(LayerPlan layer, PanelGroup group, int rows)
    {
        string name = TileName(layer, group, rows);
        if (!context.Begin(name))
            return;
        TilePlan tile = context.Tile(layer.Layout, group);
        VectorSyntax vector = context.Vector(tile.Lanes);
        bool columns = group.Width != tile.Width;
        writer.Line();
        writer.Line($"// {rows} {(rows == 1 ? "input" : "inputs")} × {tile.Width} units.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}<TSink>(ref float x, ref float delta, int samples, ref float block, {(columns ? "int column, " : "")}TSink sink) {Names.SinkConstraint}"))
        {
            var product = new TileProduct(
                rows, tile.Columns, TilePlanner.Splits(rows * tile.Columns, steps: null),
                new TileOperand("x", Step: context.InputStride(layer), Row: 1), new TileOperand("delta", Step: layer.Stride), Steps: null);
            TileEmitter.Write(writer, vector, product, _ => vector.Zero);
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < tile.Columns; c++)
                    writer.Line(Accept(vector, group, r, c, columns, TileEmitter.Accumulator(r, c)));
            }
        }
    }

    private void WriteBiasTile(LayerPlan layer, PanelGroup group)
    {
        string name = BiasTileName(layer, group);
        if (!context.Begin(name))
            return;
        TilePlan tile = context.Tile(layer.Layout, group);
        VectorSyntax vector = context.Vector(tile.Lanes);
        bool columns = group.Width != tile.Width;
        writer.Line();
        writer.Line($"// Σₛ δ[s], {tile.Width} units.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}<TSink>(ref float delta, int samples, ref float block, {(columns ? "int column, " : "")}TSink sink) {Names.SinkConstraint}"))
        {
            int splits = TilePlanner.Splits(tile.Columns, steps: null);
            for (int split = 0; split < splits; split++)
            {
                for (int c = 0; c < tile.Columns; c++)
                    writer.Line($"var sum{c}_{split} = {vector.Zero};");
            }
            writer.Line("int k = 0;");
            foreach (int steps in new[] { splits, 1 }.Distinct())
            {
                using (writer.Block($"for (; k <= samples - {steps}; k += {steps})"))
                {
                    for (int split = 0; split < steps; split++)
                    {
                        for (int c = 0; c < tile.Columns; c++)
                            writer.Line($"sum{c}_{split} += {vector.Load("delta", split * layer.Stride + c * vector.Lanes)};");
                    }
                    writer.Line($"delta = ref BpMem::Unsafe.Add(ref delta, {steps * layer.Stride});");
                }
            }
            for (int half = splits / 2; half > 0; half /= 2)
            {
                for (int split = 0; split < half; split++)
                {
                    for (int c = 0; c < tile.Columns; c++)
                        writer.Line($"sum{c}_{split} += sum{c}_{split + half};");
                }
            }
            for (int c = 0; c < tile.Columns; c++)
                writer.Line(Accept(vector, group, 0, c, columns, $"sum{c}_0"));
        }
    }

    private static string Accept(VectorSyntax vector, PanelGroup group, int row, int column, bool columns, string gradient) =>
        $"sink.Accept<{vector.Wrapper}>(ref block, {(columns ? "column + " : "")}{row * group.Width + column * vector.Lanes}, {gradient});";
}
