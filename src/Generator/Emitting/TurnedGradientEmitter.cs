using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes a batch's weight gradient of a layer of few units with the vectors over its inputs, δ·aᵀ summed over the samples, panel by panel into scratch; each is
/// turned round there, into rows of units as the weights have them, and handed to the sink.
/// </summary>
internal sealed class TurnedGradientEmitter(SourceWriter writer, KernelContext context)
{
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);

    private int Lanes => _vector.Lanes;

    /// <summary>Writes what forms the gradient of the weights, in a method with the parameters of a weight gradient and the buffer.</summary>
    /// <param name="layer">The layer.</param>
    public void WriteWeights(LayerPlan layer)
    {
        int padded = layer.Layout.PaddedUnits;
        PanelLayout turned = layer.Turned.Weights;
        writer.Line($"ref float rows = {VectorSyntax.At(TurnedForwardEmitter.Buffer, $"{turned.Rows * turned.Width(0)}")};");
        if (layer.Units < padded)
            writer.Line($"global::System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref rows, {turned.Width(0) * padded}).Clear();");
        foreach (PanelGroup group in Groups(layer))
        {
            using (TileEmitter.PanelLoop(writer, group, groups: 2))
                WritePanel(layer, group, padded);
        }
    }

    /// <summary>Writes the tiles.</summary>
    /// <param name="layer">The layer.</param>
    public void WriteTiles(LayerPlan layer)
    {
        foreach (PanelGroup group in Groups(layer))
            WriteTile(layer, group);
    }

    private static IEnumerable<PanelGroup> Groups(LayerPlan layer) => PanelGroup.Of(layer.Turned.Weights, layer.Inputs);

    private void WritePanel(LayerPlan layer, PanelGroup group, int padded)
    {
        int inputs = Math.Min(group.Width, layer.Inputs - group.FirstUnit), columns = Columns(layer, group) * Lanes;
        writer.Line($"int offset = first + {TileEmitter.Offset(group, group.FirstUnit * padded, group.Width * padded, column: false)};");
        writer.Line("ref float block = ref BpMem::Unsafe.Add(ref target, offset);");
        bool loops = columns < group.Width;
        if (loops)
            writer.Line($"for (int column = 0; column < {group.Width}; column += {columns})");
        string x = VectorSyntax.At("x", TileEmitter.Offset(group, group.FirstUnit, group.Width, loops));
        writer.Line($"{(loops ? "    " : "")}{TileName(layer, group)}({x}, ref delta, samples, {VectorSyntax.At(TurnedForwardEmitter.Buffer, loops ? "column" : "0")});");
        writer.Line($"BpMath::Transposition.Transpose(ref {TurnedForwardEmitter.Buffer}, {group.Width}, {layer.Units}, {inputs}, ref rows, {padded});");
        VectorSyntax accepted = inputs * padded % Lanes == 0 ? _vector : context.Vector(layer);
        writer.Line($"for (int k = 0; k < {inputs * padded}; k += {accepted.Lanes})");
        writer.Line($"    sink.Accept<{accepted.Wrapper}>(ref block, k, {accepted.Wrapper}.Load(ref rows, k));");
        writer.Line($"sink.Complete(ref block, offset, {inputs * padded});");
    }

    private int Columns(LayerPlan layer, PanelGroup group) => DotPlanner.GradientColumns(context.Width, layer.Turned, group.Width / Lanes);

    private string TileName(LayerPlan layer, PanelGroup group) => context.SharedName(
        $"TurnedGradient{layer.Number}Tile{Columns(layer, group) * Lanes}Of{group.Width}",
        ("turned gradient", layer.Units, layer.Stride, context.Plan.InputStride(layer), Columns(layer, group), group.Width));

    private void WriteTile(LayerPlan layer, PanelGroup group)
    {
        if (!context.Begin(TileName(layer, group)))
            return;
        int columns = Columns(layer, group);
        writer.Line();
        writer.Line($"// {layer.Units} unit{(layer.Units == 1 ? "" : "s")} × {columns * Lanes} inputs, summed over the samples.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {TileName(layer, group)}(ref float x, ref float delta, int samples, ref float to)"))
        {
            var product = new TileProduct(
                layer.Units, columns, TilePlanner.Splits(layer.Units * columns, steps: null),
                new TileOperand("delta", Step: layer.Stride, Row: 1), new TileOperand("x", Step: context.Plan.InputStride(layer)), Steps: null)
            { EndsByRows = TilePlanner.EndsByRows(layer.Units * columns) };
            TileEmitter.Write(writer, _vector, product, initial: null);
            TileEmitter.WriteRows(writer, _vector, product, u =>
            {
                for (int c = 0; c < columns; c++)
                    writer.Line(_vector.Store(TileEmitter.Accumulator(u, c), "to", u * group.Width + c * Lanes));
            });
        }
    }
}
