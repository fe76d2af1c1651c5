using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes the forward product of a layer over a batch, z = W·x + b for every sample, and a = φ(z).</summary>
internal sealed class ForwardEmitter(SourceWriter writer, KernelContext context)
{
    private readonly ProductTileEmitter _tiles = new(writer, context);
    private readonly ProductRowsEmitter _rows = new(writer, context);
    private readonly TurnedForwardEmitter _turned = new(writer, context);

    public void Write(LayerPlan layer)
    {
        PanelGroup[] groups = [.. PanelGroup.Of(layer.Layout)];
        if (context.Begin(LayerName(layer)))
            WriteLayer(layer, groups);
        if (Turns(layer))
            _turned.WriteTiles(layer);
        foreach (PanelGroup group in groups)
            _rows.Write(layer.Layout, group, layer.Inputs, Spreads(layer));
        if (!layer.IsOutput)
            WriteActivation(layer);
    }

    /// <summary>The call that computes a layer for a batch.</summary>
    public string CallLayer(LayerPlan layer, string x, string a) =>
        $"{LayerName(layer)}({VectorSyntax.At("parameters", $"{layer.Offset}")}, ref {x}, ref {a}, samples{(Turns(layer) ? $", ref {TurnedForwardEmitter.Buffer}" : "")});";

    /// <summary>Whether a batch's product turns the layer's weights round.</summary>
    public bool Turns(LayerPlan layer) => context.Schedule.Layers[layer.Number - 1].TurnsBatch;

    /// <summary>The name of the method that computes a layer for a batch.</summary>
    public string LayerName(LayerPlan layer) => context.SharedName(
        $"ForwardLayer{layer.Number}", ("forward", layer.Layout, layer.Dots, context.Plan.InputStride(layer), layer.Stride, Applied(layer)));

    private void WriteLayer(LayerPlan layer, PanelGroup[] groups)
    {
        writer.Line();
        writer.Line($"/// <summary>{Summary(layer)}</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {LayerName(layer)}(ref float parameters, ref float x, ref float a, int samples{(Turns(layer) ? $", ref float {TurnedForwardEmitter.Buffer}" : "")})"))
        {
            if (Turns(layer))
            {
                using (writer.Block($"if (samples >= {DotPlanner.LeastTurned})"))
                {
                    _turned.WriteLayer(layer);
                    writer.Line("return;");
                }
            }
            foreach (PanelGroup group in groups)
            {
                using (TileEmitter.PanelLoop(writer, group, groups.Length))
                {
                    writer.Line($"ref float w = {VectorSyntax.At("parameters", TileEmitter.Offset(group, group.Offset, layer.Layout.Rows * group.Width, column: false))};");
                    writer.Line($"ref float to = {VectorSyntax.At("a", TileEmitter.Offset(group, group.FirstUnit, group.Width, column: false))};");
                    writer.Line($"{_rows.Name(layer.Layout, group, layer.Inputs, Spreads(layer))}<{TypeArguments(layer, group)}>(ref w, ref x, ref to, ref to, samples);");
                }
            }
        }
    }

    /// <summary>What that method computes.</summary>
    public string Summary(LayerPlan layer)
    {
        string source = layer.Number == 1 ? "x" : $"a{layer.Number - 1}";
        string result = layer.IsOutput ? $"z{layer.Number}" : $"a{layer.Number}";
        string product = $"{source}[s,{layer.Inputs}]·W{layer.Number}[{layer.Inputs},{layer.Units}]{(layer.Dense.Bias ? $" + b{layer.Number}" : "")}";
        return $"Layer {layer.Number}, forward: {result}[s,{layer.Units}] = {Formula(layer, product)}.{context.Likewise(layer, LayerName)}";
    }

    /// <summary>Writes only what a single sample needs of a layer: tiles of one row, and the pass of its activation.</summary>
    public void WriteForOne(LayerPlan layer)
    {
        LayerSchedule schedule = context.Schedule.Layers[layer.Number - 1];
        if (schedule.TilesOne && !schedule.LoopsOne)
        {
            foreach (PanelGroup group in PanelGroup.Of(layer.Layout))
                _tiles.Write(context.RowTile(layer.Layout, group), rows: 1, layer.Inputs, Spreads(layer));
        }
        if (!layer.IsOutput && !(schedule.UnrollsOne && schedule.UnrollsActivation))
            WriteActivation(layer);
    }

    /// <summary>Writes the calls that compute the product for a single sample, panel by panel.</summary>
    public void WriteOne(LayerPlan layer, string x, string a)
    {
        foreach (PanelGroup group in PanelGroup.Of(layer.Layout))
        {
            TilePlan tile = context.RowTile(layer.Layout, group);
            bool columns = group.Width != tile.Width;
            string w = VectorSyntax.At("parameters", TileEmitter.Offset(group, layer.Offset + group.Offset, layer.Layout.Rows * group.Width, columns));
            string to = VectorSyntax.At(a, TileEmitter.Offset(group, group.FirstUnit, group.Width, columns));
            TileEmitter.WritePanels(writer, group, tile.Width, $"{ProductTileEmitter.Name(tile, 1, layer.Inputs, Spreads(layer))}<{TypeArguments(layer, group)}>({w}, ref {x}, ref {a}, {to});");
        }
    }

    private static Activation Applied(LayerPlan layer) => Applies(layer) ? layer.Activation : Activation.Identity;

    private static string Formula(LayerPlan layer, string z) =>
        layer.IsOutput || layer.Activation == Activation.Identity ? z
        : layer.FusesActivation ? $"{Names.Formula(layer.Activation)}({z})"
        : $"{z}, to which Activate{layer.Activation} applies {Names.Formula(layer.Activation)}";

    private bool Spreads(LayerPlan layer) => context.Schedule.Layers[layer.Number - 1].SpreadsInputs;

    private string TypeArguments(LayerPlan layer, PanelGroup group) =>
        $"{ProductShapes.OfLayer(context.Plan, layer, group)}, BpKernels::Activated<BpMath::{Applied(layer)}>";

    /// <summary>Whether φ is applied as the product is written.</summary>
    public static bool Applies(LayerPlan layer) => !layer.IsOutput && layer.FusesActivation && layer.Activation != Activation.Identity;

    /// <summary>
    /// Writes a costly activation as a pass of its own over the whole buffer (see <see cref="LayerPlan.FusesActivation"/>),
    /// in the widest vectors even where rows are narrower: a buffer is whole vectors long.
    /// </summary>
    private void WriteActivation(LayerPlan layer)
    {
        if (layer.FusesActivation || !context.Begin($"Activate{layer.Activation}"))
            return;
        VectorSyntax vector = context.Vector(context.Width.Lanes);
        writer.Line();
        writer.Line($"/// <summary>a = {Names.Formula(layer.Activation)}(z), in place.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void Activate{layer.Activation}(ref float a, int length)"))
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
        writer.Line($"/// <summary>For training: a = {Names.Formula(layer.Activation)}(z), in place, and φ′(z), which share their work.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void ActivateAndDifferentiate{layer.Activation}(ref float a, ref float derivative, int length)"))
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
