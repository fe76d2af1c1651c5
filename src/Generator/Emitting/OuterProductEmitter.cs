using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes the rows x·δᵀ of a panel of the first layer's gradient, a few at a time.</summary>
internal sealed class OuterProductEmitter(SourceWriter writer, KernelContext context)
{
    /// <summary>Writes them, for a sink that takes them a vector at a time.</summary>
    /// <param name="group">The panel.</param>
    /// <param name="tile">The columns that are taken at once.</param>
    /// <param name="inputs">The number of rows.</param>
    /// <param name="block">The reference to the panel's block in the buffer that takes the gradient.</param>
    /// <param name="delta">A vector of δ, given its place from the column that a loop has reached, or from the panel's start where the column is "".</param>
    public void Write(PanelGroup group, TilePlan tile, int inputs, string block, Func<string, int, string> delta)
    {
        VectorSyntax vector = context.Vector(tile.Lanes);
        bool columns = group.Width != tile.Width;
        int step = Math.Min(inputs, TilePlanner.OuterProductRows(tile)), looped = inputs / step * step;
        if (!columns)
            WriteDeltas(column: "");
        bool loops = looped > step;
        using (loops ? writer.Block($"for (int row = 0; row < {looped}; row += {step})") : inputs > step ? writer.Block() : (SourceWriter.Scope?)null)
            WriteStep(loops ? "row" : "0", step);
        if (inputs > looped)
        {
            using (writer.Block())
                WriteStep($"{looped}", inputs - looped);
        }

        // The columns' δ are read before where one tile covers the panel, else for each tile.
        void WriteStep(string first, int count)
        {
            writer.Line($"ref float a = {VectorSyntax.At("x", first)};");
            writer.Line($"ref float rows = {VectorSyntax.At(block, int.TryParse(first, out int row) ? $"{row * group.Width}" : $"{first} * {group.Width}")};");
            for (int r = 0; r < count; r++)
                writer.Line($"var a{r} = {vector.Wrapper}.Create({VectorSyntax.Element("a", r)});");
            using (TileEmitter.ColumnLoop(writer, group, tile.Width))
            {
                if (columns)
                {
                    WriteDeltas("column");
                    writer.Line("ref float tile = ref BpMem::Unsafe.Add(ref rows, column);");
                }
                for (int r = 0; r < count; r++)
                {
                    for (int c = 0; c < tile.Columns; c++)
                        writer.Line($"sink.AcceptProduct(ref {(columns ? "tile" : "rows")}, {r * group.Width + c * vector.Lanes}, a{r}, d{c});");
                }
            }
        }

        void WriteDeltas(string column)
        {
            for (int c = 0; c < tile.Columns; c++)
                writer.Line($"var d{c} = {delta(column, c * vector.Lanes)};");
        }
    }
}
