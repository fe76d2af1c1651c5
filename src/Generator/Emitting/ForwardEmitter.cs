using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes the forward product of a layer over a batch, z = W·x + b for every sample, and a = φ(z).</summary>
internal sealed class ForwardEmitter(SourceWriter writer, KernelContext context)
{
    public void Write(LayerPlan layer)
    {
        PanelGroup[] groups = [.. PanelGroup.Of(layer.Layout)];
        string source = layer.Number == 1 ? "x" : $"a{layer.Number - 1}";
        string result = layer.IsOutput ? $"z{layer.Number}" : $"a{layer.Number}";
        string product = $"{source}[s,{layer.Inputs}]·W{layer.Number}[{layer.Inputs},{layer.Units}]{(layer.Dense.Bias ? $" + b{layer.Number}" : "")}";
        writer.Line();
        writer.Line($"/// <summary>Layer {layer.Number}, forward: {result}[s,{layer.Units}] = {Applied(layer, product)}.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void ForwardLayer{layer.Number}(ref float parameters, ref float x, ref float a, int samples)"))
        {
            foreach (PanelGroup group in groups)
            {
                TilePlan tile = context.Tile(layer.Layout, group);
                bool columns = group.Width != tile.Width;
                using (TileEmitter.PanelLoop(writer, group, groups.Length))
                {
                    using (TileEmitter.ColumnLoop(writer, group, tile.Width))
                    {
                        writer.Line($"ref float w = {VectorSyntax.At("parameters", TileEmitter.Offset(group, layer.Offset + group.Offset, layer.Layout.Rows * group.Width, columns))};");
                        writer.Line($"ref float to = {VectorSyntax.At("a", TileEmitter.Offset(group, group.FirstUnit, group.Width, columns))};");
                        TileEmitter.WriteRowLoops(writer, tile, rows =>
                            $"{TileName(layer, group, rows)}(ref w, ref BpMem::Unsafe.Add(ref x, s * {context.InputStride(layer)}), ref BpMem::Unsafe.Add(ref to, s * {layer.Stride}));");
                    }
                }
            }
        }
        foreach (PanelGroup group in groups)
        {
            foreach (int rows in context.Tile(layer.Layout, group).RowTiles)
                WriteTile(layer, group, rows);
        }
        if (!layer.IsOutput)
            WriteActivation(layer);
    }

    /// <summary>Writes only what a single sample needs of a layer: tiles of one row, and the pass of its activation.</summary>
    public void WriteForOne(LayerPlan layer)
    {
        LayerSchedule schedule = context.Schedule.Layers[layer.Number - 1];
        if (schedule.TilesOne)
        {
            foreach (PanelGroup group in PanelGroup.Of(layer.Layout))
                WriteTile(layer, group, rows: 1);
        }
        if (!layer.IsOutput && !(schedule.UnrollsOne && schedule.UnrollsActivation))
            WriteActivation(layer);
    }

    /// <summary>Writes the calls that compute the product for a single sample, panel by panel.</summary>
    public void WriteOne(LayerPlan layer, string x, string a)
    {
        PanelGroup[] groups = [.. PanelGroup.Of(layer.Layout)];
        foreach (PanelGroup group in groups)
        {
            TilePlan tile = context.Tile(layer.Layout, group);
            bool columns = group.Width != tile.Width;
            using (TileEmitter.PanelLoop(writer, group, groups.Length))
            {
                using (TileEmitter.ColumnLoop(writer, group, tile.Width))
                {
                    string w = VectorSyntax.At("parameters", TileEmitter.Offset(group, layer.Offset + group.Offset, layer.Layout.Rows * group.Width, columns));
                    string to = VectorSyntax.At(a, TileEmitter.Offset(group, group.FirstUnit, group.Width, columns));
                    writer.Line($"{TileName(layer, group, 1)}({w}, ref {x}, {to});");
                }
            }
        }
    }

    private static string Applied(LayerPlan layer, string z) =>
        layer.IsOutput || layer.Activation == Activation.Identity ? z
        : layer.FusesActivation ? $"{Names.Formula(layer.Activation)}({z})"
        : $"{z}, to which Activate{layer.Number} applies {Names.Formula(layer.Activation)}";

    private string TileName(LayerPlan layer, PanelGroup group, int rows) => context.SharedName(
        $"ForwardLayer{layer.Number}Tile{rows}x{context.Tile(layer.Layout, group).Width}{context.GroupSuffix(layer.Layout, group)}",
        ("forward", rows, group.Width, layer.Inputs, context.InputStride(layer), layer.Layout.VectorLength, layer.Stride, layer.Dense.Bias, Applies(layer) ? layer.Activation : Activation.Identity));

    /// <summary>Whether φ is applied as the product is written.</summary>
    public static bool Applies(LayerPlan layer) => !layer.IsOutput && layer.FusesActivation && layer.Activation != Activation.Identity;

    private void WriteTile(LayerPlan layer, PanelGroup group, int rows)
    {
        string name = TileName(layer, group, rows);
        if (!context.Begin(name))
            return;
        TilePlan tile = context.Tile(layer.Layout, group);
        VectorSyntax vector = context.Vector(tile.Lanes);
        writer.Line();
        writer.Line($"// {rows} {(rows == 1 ? "sample" : "samples")} × {tile.Width} units: {rows * tile.Columns} accumulators.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}(ref float w, ref float x, ref float a)"))
        {
            int bias = layer.Inputs * group.Width;
            var product = new TileProduct(
                rows, tile.Columns, TilePlanner.Splits(rows * tile.Columns, layer.Inputs),
                new TileOperand("x", Step: 1, Row: context.InputStride(layer)), new TileOperand("w", Step: group.Width), layer.Inputs,
                SpreadsInputs: rows == 1 && context.Schedule.Layers[layer.Number - 1].SpreadsInputs);
            TileEmitter.Write(writer, vector, product, c => layer.Dense.Bias ? vector.Load("w", bias + c * vector.Lanes) : vector.Zero);
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < tile.Columns; c++)
                {
                    string z = TileEmitter.Accumulator(r, c);
                    int at = r * layer.Stride + c * vector.Lanes;
                    writer.Line(Applies(layer) ? vector.StoreLanes(vector.Function($"{layer.Activation}.Value", z), "a", at) : vector.Store(z, "a", at));
                }
            }
        }
    }

    /// <summary>
    /// Writes a costly activation as a pass of its own over the whole buffer (see <see cref="LayerPlan.FusesActivation"/>),
    /// in the widest vectors even where rows are narrower: a buffer is whole vectors long.
    /// </summary>
    private void WriteActivation(LayerPlan layer)
    {
        if (layer.FusesActivation)
            return;
        VectorSyntax vector = context.Vector(context.Width.Lanes);
        writer.Line();
        writer.Line($"/// <summary>Layer {layer.Number}: a = {Names.Formula(layer.Activation)}(z), in place.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void Activate{layer.Number}(ref float a, int length)"))
        {
            using (writer.Block($"for (int i = 0; i < length; i += {vector.Lanes})"))
            {
                writer.Line("ref float z = ref BpMem::Unsafe.Add(ref a, i);");
                writer.Line(vector.StoreLanes(vector.Function($"{layer.Activation}.Value", vector.Load("z", 0)), "z", 0));
            }
        }
        if (!layer.StoresDerivative)
            return;
        writer.Line();
        writer.Line($"/// <summary>Layer {layer.Number}, for training: a = {Names.Formula(layer.Activation)}(z), in place, and φ′(z), which share their work.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void ActivateAndDifferentiate{layer.Number}(ref float a, ref float derivative, int length)"))
        {
            using (writer.Block($"for (int i = 0; i < length; i += {vector.Lanes})"))
            {
                writer.Line("ref float z = ref BpMem::Unsafe.Add(ref a, i);");
                writer.Line("ref float to = ref BpMem::Unsafe.Add(ref derivative, i);");
                writer.Line(vector.StoreLanes(vector.Function($"{layer.Activation}.Value", vector.Load("z", 0), "out var slope"), "z", 0));
                writer.Line(vector.StoreLanes("slope", "to", 0));
            }
        }
    }
}
