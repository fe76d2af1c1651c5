using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes what every pass of a single sample has for a panel's block of the gradient: where it lies, its biases, and its end.</summary>
internal sealed class GradientBlockEmitter(SourceWriter writer, KernelContext context)
{
    /// <summary>A panel's part of δ, and the place of one of its rows in the buffer that takes the gradient.</summary>
    public void WritePanelStart(LayerPlan layer, PanelGroup group, string first, int row, bool accumulates = true)
    {
        writer.Line($"int offset = {VectorSyntax.Sum(first, TileEmitter.Offset(group, group.Offset + row * group.Width, layer.Layout.Rows * group.Width, column: false))};");
        if (accumulates)
            writer.Line("ref float block = ref BpMem::Unsafe.Add(ref target, offset);");
        writer.Line($"ref float d = {VectorSyntax.At("delta", TileEmitter.Offset(group, group.FirstUnit, group.Width, column: false))};");
    }

    /// <summary>∂C/∂b = δ, in the row that lies some floats after the panel's start.</summary>
    public void WriteBias(LayerPlan layer, PanelGroup group, int place)
    {
        VectorSyntax vector = context.Vector(layer);
        string biases = place == 0 ? "block" : "biases";
        if (place > 0)
            writer.Line($"ref float biases = {VectorSyntax.At("block", $"{place}")};");
        if (group.Width == vector.Lanes)
            writer.Line($"sink.AcceptScaled(ref {biases}, 0, {vector.Wrapper}.Load(ref d, 0));");
        else
        {
            writer.Line($"for (int unit = 0; unit < {group.Width}; unit += {vector.Lanes})");
            writer.Line($"    sink.AcceptScaled(ref {biases}, unit, {vector.Wrapper}.Load(ref d, unit));");
        }
        writer.Line($"sink.Complete(ref {biases}, {VectorSyntax.Sum("offset", $"{place}")}, {group.Width});");
    }

    /// <summary>The end of some rows of a·δᵀ.</summary>
    public void WriteCompleteProduct(LayerPlan layer, PanelGroup group, string a, int rows) =>
        writer.Line($"sink.CompleteProduct<{context.Vector(layer).Wrapper}>(ref block, offset, ref {a}, {rows}, ref d, {group.Width});");
}
