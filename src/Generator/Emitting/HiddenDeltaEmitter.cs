using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes how δ is propagated down over a batch: δ = (Wᵀδ′) ∘ φ′(z). Weights lie so that vectors run over the outputs of
/// their layer; here vectors run over its inputs, so a panel of W is transposed first. That costs as much as a few samples'
/// share of the product, and a batch has many.
/// </summary>
internal sealed class HiddenDeltaEmitter(SourceWriter writer, KernelContext context)
{
    /// <summary>Writes δ of a hidden layer, from δ′ of the layer above it.</summary>
    public void Write(LayerPlan layer, LayerPlan above)
    {
        PanelLayout layout = above.InputPanels;
        PanelGroup[] groups = [.. PanelGroup.Of(layout)];
        string derivative =
            layer.StoresDerivative ? $" ∘ φ′(z{layer.Number}), which the forward pass left in its place"
            : layer.Activation == Activation.Identity ? ""
            : $" ∘ {Names.Formula(layer.Activation)}′(a{layer.Number})";
        writer.Line();
        writer.Line($"/// <summary>Layer {layer.Number}: δ{layer.Number}[s,{layer.Units}] = δ{above.Number}[s,{above.Units}]·W{above.Number}ᵀ{derivative}.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void HiddenDelta{layer.Number}(ref float parameters, ref float next, {(ReadsActivation(layer) ? "ref float a, " : "")}ref float delta, ref float transposed, int samples)"))
        {
            foreach (PanelGroup group in groups)
                WritePanels(layer, above, layout, group, groups.Length);
            WritePadding(layer);
        }
        foreach (PanelGroup group in groups)
        {
            foreach (int rows in context.Tile(layout, group).RowTiles)
                WriteTile(layer, above, layout, group, rows);
        }
    }

    private static bool ReadsActivation(LayerPlan layer) => !layer.StoresDerivative && layer.Activation != Activation.Identity;

    private string TileName(LayerPlan layer, LayerPlan above, PanelLayout layout, PanelGroup group, int rows) => context.SharedName(
        $"HiddenDelta{layer.Number}Tile{rows}x{context.Tile(layout, group).Width}{context.GroupSuffix(layout, group)}",
        ("delta", rows, group.Width, above.Units, above.Stride, layout.VectorLength, layer.Stride, layer.Activation));

    private void WritePanels(LayerPlan layer, LayerPlan above, PanelLayout layout, PanelGroup group, int groups)
    {
        TilePlan tile = context.Tile(layout, group);
        bool columns = group.Width != tile.Width;
        using (TileEmitter.PanelLoop(writer, group, groups))
        {
            writer.Line($"int first = {TileEmitter.Offset(group, group.FirstUnit, group.Width, column: false)};");
            WriteTransposition(above, group);
            using (TileEmitter.ColumnLoop(writer, group, tile.Width))
            {
                string at = columns ? "first + column" : "first";
                writer.Line($"ref float w = {VectorSyntax.At("transposed", columns ? "column" : "0")};");
                if (ReadsActivation(layer))
                    writer.Line($"ref float from = ref BpMem::Unsafe.Add(ref a, {at});");
                writer.Line($"ref float to = ref BpMem::Unsafe.Add(ref delta, {at});");
                string from = ReadsActivation(layer) ? $"ref BpMem::Unsafe.Add(ref from, s * {layer.Stride}), " : "";
                TileEmitter.WriteRowLoops(writer, tile, rows =>
                    $"{TileName(layer, above, layout, group, rows)}(ref w, ref BpMem::Unsafe.Add(ref next, s * {above.Stride}), {from}ref BpMem::Unsafe.Add(ref to, s * {layer.Stride}));");
            }
        }
    }

    // transposed[u, i] = W[first + i, u], for the inputs of one panel and all units u.
    private void WriteTransposition(LayerPlan above, PanelGroup inputs)
    {
        bool whole = inputs.FirstUnit + inputs.Count * inputs.Width <= above.Inputs;
        string rows = whole ? $"{inputs.Width}"
            : inputs.Count == 1 ? $"{above.Inputs - inputs.FirstUnit}"
            : $"global::System.Math.Min({inputs.Width}, {above.Inputs} - first)";
        writer.Line($"// transposed[{above.Units},{inputs.Width}] = W{above.Number}ᵀ, its columns from first on.");
        foreach (PanelGroup weights in PanelGroup.Of(above.Layout))
        {
            bool loops = weights.Count > 1;
            string unit = !loops ? $"{weights.FirstUnit}" : weights.FirstUnit == 0 ? $"q * {weights.Width}" : $"{weights.FirstUnit} + q * {weights.Width}";
            string source = $"{above.Offset + weights.Offset}{(loops ? $" + q * {above.Layout.Rows * weights.Width}" : "")} + first * {weights.Width}";
            string columns =
                weights.FirstUnit + weights.Count * weights.Width <= above.Units ? $"{weights.Width}"
                : loops ? $"global::System.Math.Min({weights.Width}, {above.Units} - ({unit}))"
                : $"{above.Units - weights.FirstUnit}";
            if (loops)
                writer.Line($"for (int q = 0; q < {weights.Count}; q++)");
            writer.Line($"{(loops ? "    " : "")}BpMath::Transposition.Transpose(ref BpMem::Unsafe.Add(ref parameters, {source}), {weights.Width}, {rows}, {columns}, {(unit == "0" ? "ref transposed" : $"ref BpMem::Unsafe.Add(ref transposed, ({unit}) * {inputs.Width})")}, {inputs.Width});");
        }
    }

    // Lanes beyond the last unit hold whatever the scratch held; as zeros they leave the padding of the weights zero.
    private void WritePadding(LayerPlan layer)
    {
        VectorSyntax vector = context.Vector(layer);
        int used = layer.Units % vector.Lanes, first = layer.Units - used;
        if (layer.Units == layer.Layout.PaddedUnits)
            return;
        using (writer.Block("for (int row = 0; row < samples; row++)"))
        {
            writer.Line($"ref float last = ref BpMem::Unsafe.Add(ref delta, row * {layer.Stride} + {first});");
            if (used > 0)
                writer.Line($"{vector.Wrapper}.Store({vector.Wrapper}.KeepFirst({vector.Load("last", 0)}, {used}), ref last, 0);");
            for (int lane = used == 0 ? 0 : vector.Lanes; lane < layer.Layout.PaddedUnits - first; lane += vector.Lanes)
                writer.Line(vector.Store(vector.Zero, "last", lane));
        }
    }

    private void WriteTile(LayerPlan layer, LayerPlan above, PanelLayout layout, PanelGroup group, int rows)
    {
        TilePlan tile = context.Tile(layout, group);
        VectorSyntax vector = context.Vector(tile.Lanes);
        string name = TileName(layer, above, layout, group, rows);
        if (!context.Begin(name))
            return;
        writer.Line();
        writer.Line($"// {rows} {(rows == 1 ? "sample" : "samples")} × {tile.Width} inputs of layer {above.Number}.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}(ref float w, ref float next, {(ReadsActivation(layer) ? "ref float a, " : "")}ref float delta)"))
        {
            var product = new TileProduct(
                rows, tile.Columns, TilePlanner.Splits(rows * tile.Columns, above.Units),
                new TileOperand("next", Step: 1, Row: above.Stride), new TileOperand("w", Step: group.Width), above.Units);
            TileEmitter.Write(writer, vector, product, _ => vector.Zero);
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < tile.Columns; c++)
                {
                    int offset = r * layer.Stride + c * vector.Lanes;
                    string factor =
                        layer.StoresDerivative ? $" * {vector.Load("delta", offset)}"
                        : ReadsActivation(layer) ? $" * {vector.Call($"{layer.Activation}.DerivativeFromOutput", vector.Load("a", offset))}"
                        : "";
                    writer.Line(vector.Store(TileEmitter.Accumulator(r, c) + factor, "delta", offset));
                }
            }
        }
    }
}
