using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the forward product of a batch for a layer of few units whose weights lie along the units: they are turned round, into scratch, once for all
/// samples, and each unit is then a dot product along the inputs.
/// </summary>
internal sealed class TurnedForwardEmitter(SourceWriter writer, KernelContext context)
{
    /// <summary>The buffer of the turned parameters.</summary>
    public const string Buffer = "turned";

    /// <summary>Writes what computes a layer, in a method with the parameters of a forward product and the buffer.</summary>
    /// <param name="layer">The layer.</param>
    public void WriteLayer(LayerPlan layer)
    {
        DotTileEmitter tiles = Tiles(layer);
        WriteTurning(layer, layer.Turned);
        writer.Line("int s = 0;");
        foreach (int samples in DotPlanner.RowTiles(context.Width, layer.Turned))
        {
            writer.Line(samples == 1 ? "for (; s < samples; s++)" : $"for (; s <= samples - {samples}; s += {samples})");
            writer.Line($"    {tiles.TileName(samples)}(ref {Buffer}, ref BpMem::Unsafe.Add(ref x, s * {context.Plan.InputStride(layer)}), ref BpMem::Unsafe.Add(ref a, s * {layer.Stride}));");
        }
    }

    /// <summary>Writes the tiles.</summary>
    /// <param name="layer">The layer.</param>
    public void WriteTiles(LayerPlan layer)
    {
        DotTileEmitter tiles = Tiles(layer);
        foreach (int samples in DotPlanner.RowTiles(context.Width, layer.Turned))
            tiles.WriteTile(samples);
    }

    private DotTileEmitter Tiles(LayerPlan layer) => new(
        writer, context, new DotProduct(layer, layer.Turned, context.Plan.InputStride(layer), ForwardEmitter.Applies(layer) ? layer.Activation : Activation.Identity));

    // turned = Wᵀ, panel by panel; the tail with 0 before it, since activations' padding, which is not read, may be NaN; and the biases.
    private void WriteTurning(LayerPlan layer, DotLayout turned)
    {
        int padded = layer.Layout.PaddedUnits;
        if (turned.Tail > 0)
            writer.Line($"global::System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref {Buffer}, {turned.Length}).Clear();");
        int whole = layer.Inputs - turned.Tail;
        foreach (PanelGroup group in PanelGroup.Of(turned.Weights, whole).Where(group => group.FirstUnit < whole))
        {
            string from = TileEmitter.Offset(group, group.FirstUnit * padded, group.Width * padded, column: false);
            string to = TileEmitter.Offset(group, group.Offset, layer.Units * group.Width, column: false);
            if (group.Count > 1)
                writer.Line($"for (int panel = 0; panel < {group.Count}; panel++)");
            writer.Line($"{(group.Count > 1 ? "    " : "")}BpMath::Transposition.Transpose({VectorSyntax.At("parameters", from)}, {padded}, {Math.Min(group.Width, whole - group.FirstUnit)}, {layer.Units}, {VectorSyntax.At(Buffer, to)}, {group.Width});");
        }
        if (turned.Tail > 0)
            writer.Line($"BpMath::Transposition.Transpose({VectorSyntax.At("parameters", $"{whole * padded}")}, {padded}, {turned.Tail}, {layer.Units}, {VectorSyntax.At(Buffer, $"{turned.TailOffset(0)}")}, {turned.Weights.Width(turned.Weights.Panels - 1)});");
        if (!layer.Dense.Bias)
            return;
        VectorSyntax units = context.Vector(layer);
        for (int unit = 0; unit < padded; unit += units.Lanes)
            writer.Line(units.Store(units.Load("parameters", layer.Inputs * padded + unit), Buffer, turned.BiasOffset + unit));
    }
}
