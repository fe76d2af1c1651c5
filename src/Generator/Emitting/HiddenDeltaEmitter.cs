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
    public void WriteHidden(LayerPlan layer, LayerPlan above)
    {
        string derivative = layer.StoresDerivative ? $"φ′(z{layer.Number})" : layer.Activation == Activation.Identity ? "" : $"{Names.Formula(layer.Activation)}′(a{layer.Number})";
        Write(
            above, $"HiddenDelta{layer.Number}", layer.Stride,
            $"Layer {layer.Number}: δ{layer.Number}[s,{layer.Units}] = δ{above.Number}[s,{above.Units}]·W{above.Number}ᵀ{(derivative == "" ? "" : $" ∘ {derivative}")}{(layer.StoresDerivative ? ", which the forward pass left in its place" : "")}.",
            layer);
    }

    /// <summary>Writes the gradient by the network's inputs, which is δ of a layer of identities below the first.</summary>
    public void WriteInputs(LayerPlan first) =>
        Write(first, "InputGradient", first.Inputs, $"The inputs: ∂C/∂x[s,{first.Inputs}] = δ1[s,{first.Units}]·W1ᵀ.", layer: null);

    private void Write(LayerPlan above, string name, int stride, string summary, LayerPlan? layer)
    {
        PanelLayout layout = above.InputPanels;
        PanelGroup[] groups = [.. PanelGroup.Of(layout)];
        bool readsActivation = ReadsActivation(layer);
        string a = readsActivation ? "ref float a, " : "";
        writer.Line();
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}(ref float parameters, ref float next, {a}ref float delta, ref float transposed, int samples)"))
        {
            foreach (PanelGroup group in groups)
            {
                TilePlan tile = context.Tile(layout, group);
                bool columns = group.Width != tile.Width;
                using (TileEmitter.PanelLoop(writer, group, groups.Length))
                {
                    string first = TileEmitter.Offset(group, group.FirstUnit, group.Width, column: false);
                    writer.Line($"int first = {first};");
                    bool whole = group.FirstUnit + group.Count * group.Width <= above.Inputs;
                    writer.Line($"int inputs = {(whole ? $"{group.Width}" : $"global::System.Math.Min({group.Width}, {above.Inputs} - first)")};");
                    WriteTransposition(above, group.Width);
                    using (TileEmitter.ColumnLoop(writer, group, tile.Width))
                    {
                        string at = columns ? "first + column" : "first";
                        writer.Line($"ref float w = {VectorSyntax.At("transposed", columns ? "column" : "0")};");
                        if (readsActivation)
                            writer.Line($"ref float from = ref Mem::Unsafe.Add(ref a, {at});");
                        writer.Line($"ref float to = ref Mem::Unsafe.Add(ref delta, {at});");
                        if (layer is null && !whole)
                            writer.Line($"int count = inputs{(columns ? " - column" : "")};");
                        TileEmitter.WriteRowLoops(writer, tile, rows =>
                            $"{TileName(name, layout, group, rows)}(ref w, ref Mem::Unsafe.Add(ref next, s * {above.Stride}), {(readsActivation ? $"ref Mem::Unsafe.Add(ref from, s * {stride}), " : "")}ref Mem::Unsafe.Add(ref to, s * {stride}){(layer is null && !whole ? ", count" : "")});");
                    }
                }
            }
            if (layer is not null)
                WritePadding(layer);
        }
        foreach (PanelGroup group in groups)
        {
            bool whole = group.FirstUnit + group.Count * group.Width <= above.Inputs;
            foreach (int rows in context.Tile(layout, group).RowTiles)
                WriteTile(above, name, stride, layer, layout, group, rows, partial: layer is null && !whole);
        }
    }

    private static bool ReadsActivation(LayerPlan? layer) =>
        layer is not null && !layer.StoresDerivative && layer.Activation != Activation.Identity;

    private string TileName(string name, PanelLayout layout, PanelGroup group, int rows) =>
        $"{name}Tile{rows}x{context.Tile(layout, group).Width}{context.GroupSuffix(layout, group)}";

    // transposed[u, i] = W[first + i, u], for the inputs of one panel and all units u.
    private void WriteTransposition(LayerPlan above, int width)
    {
        writer.Line($"// transposed[{above.Units},{width}] = W{above.Number}ᵀ, its columns from first on.");
        foreach (PanelGroup weights in PanelGroup.Of(above.Layout))
        {
            string source = TileEmitter.Offset(weights, above.Offset + weights.Offset, above.Layout.Rows * weights.Width, column: false);
            string unit = TileEmitter.Offset(weights, weights.FirstUnit, weights.Width, column: false);
            bool whole = weights.FirstUnit + weights.Count * weights.Width <= above.Units;
            string units = whole ? $"{weights.Width}"
                : weights.Count == 1 ? $"{above.Units - weights.FirstUnit}"
                : $"global::System.Math.Min({weights.Width}, {above.Units} - ({unit}))";
            string to = weights is { Count: 1, FirstUnit: 0 } ? "ref transposed" : $"ref Mem::Unsafe.Add(ref transposed, ({unit}) * {width})";
            string call = $"Bp::Transposition.Transpose(ref Mem::Unsafe.Add(ref parameters, {source} + first * {weights.Width}), {weights.Width}, inputs, {units}, {to}, {width});";
            if (weights.Count == 1)
            {
                writer.Line(call);
                continue;
            }
            writer.Line($"for (int q = 0; q < {weights.Count}; q++)");
            writer.Line($"    {call.Replace("panel", "q")}");
        }
    }

    // Lanes beyond the last unit hold whatever the scratch held; as zeros they leave the padding of the weights zero.
    private void WritePadding(LayerPlan layer)
    {
        VectorSyntax vector = context.Vector(layer);
        int used = layer.Units % vector.Lanes;
        if (used == 0 && layer.Units == layer.Layout.PaddedUnits)
            return;
        int first = layer.Units - used;
        using (writer.Block("for (int s = 0; s < samples; s++)"))
        {
            writer.Line($"ref float last = ref Mem::Unsafe.Add(ref delta, s * {layer.Stride} + {first});");
            if (used > 0)
                writer.Line(vector.Store($"({vector.Type}){vector.Wrapper}.KeepFirst({vector.Load("last", 0)}, {used})", "last", 0));
            for (int lane = used == 0 ? 0 : vector.Lanes; lane < layer.Layout.PaddedUnits - first; lane += vector.Lanes)
                writer.Line(vector.Store(vector.Zero, "last", lane));
        }
    }

    private void WriteTile(LayerPlan above, string name, int stride, LayerPlan? layer, PanelLayout layout, PanelGroup group, int rows, bool partial)
    {
        TilePlan tile = context.Tile(layout, group);
        VectorSyntax vector = context.Vector(tile.Lanes);
        bool readsActivation = ReadsActivation(layer);
        writer.Line();
        writer.Line($"// {rows} {(rows == 1 ? "sample" : "samples")} × {tile.Width} inputs of layer {above.Number}.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {TileName(name, layout, group, rows)}(ref float w, ref float next, {(readsActivation ? "ref float a, " : "")}ref float delta{(partial ? ", int count" : "")})"))
        {
            TileEmitter.Write(
                writer, vector, rows, tile.Columns, TilePlanner.Splits(rows * tile.Columns, above.Units),
                new TileOperand("next", Step: 1, Row: above.Stride), new TileOperand("w", Step: group.Width), $"{above.Units}", _ => vector.Zero);
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < tile.Columns; c++)
                {
                    int offset = r * stride + c * vector.Lanes;
                    string z = TileEmitter.Accumulator(r, c);
                    string factor =
                        readsActivation ? $" * {vector.Call($"{layer!.Activation}.DerivativeFromOutput", vector.Load("a", offset))}"
                        : layer is { StoresDerivative: true } ? $" * {vector.Load("delta", offset)}"
                        : "";
                    writer.Line(partial
                        ? $"{vector.Wrapper}.StoreFirst({z}, ref delta, {offset}, count{(c == 0 ? "" : $" - {c * vector.Lanes}")});"
                        : vector.Store(z + factor, "delta", offset));
                }
            }
        }
    }
}
