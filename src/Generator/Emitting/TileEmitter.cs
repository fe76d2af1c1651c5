using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>One side of a product: where its numbers lie.</summary>
/// <param name="Name">The reference to the first.</param>
/// <param name="Step">Floats from one step of the product to the next.</param>
/// <param name="Row">Floats from one row of the tile to the next (for the broadcast side).</param>
internal sealed record TileOperand(string Name, int Step, int Row = 0);

/// <summary>A register tile's product: z[r][c] += broadcast[r] · vectors[c], one step after the other.</summary>
/// <param name="Rows">Rows of the tile.</param>
/// <param name="Columns">Vectors side by side.</param>
/// <param name="Splits">Partial sums of each accumulator: a tile of few accumulators needs more chains. Powers of two.</param>
/// <param name="Broadcast">The side of which one number serves a row.</param>
/// <param name="Vectors">The side of which one vector serves a column.</param>
/// <param name="Steps">The number of steps where it is a constant, else null: then it is the variable <c>samples</c>.</param>
/// <param name="SpreadsInputs">Whether the numbers of a single row are read a vector at a time.</param>
internal sealed record TileProduct(
    int Rows, int Columns, int Splits, TileOperand Broadcast, TileOperand Vectors, int? Steps, bool SpreadsInputs = false);

/// <summary>Writes the inner loop that all products share, with every accumulator in a register.</summary>
internal static class TileEmitter
{
    /// <summary>The accumulator of a row and column.</summary>
    public static string Accumulator(int row, int column) => $"z{row}_{column}";

    /// <summary>Writes the accumulators, the loop over the steps, and the sums of split accumulators.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vector">The vector's syntax.</param>
    /// <param name="product">What to compute.</param>
    /// <param name="initial">The first value of a column's accumulators.</param>
    public static void Write(SourceWriter writer, VectorSyntax vector, TileProduct product, Func<int, string> initial)
    {
        for (int c = 0; c < product.Columns; c++)
        {
            for (int r = 0; r < product.Rows; r++)
            {
                writer.Line($"var {Accumulator(r, c)} = {(r == 0 ? initial(c) : Accumulator(0, c))};");
                for (int split = 1; split < product.Splits; split++)
                    writer.Line($"var {Partial(r, c, split)} = {vector.Zero};");
            }
        }
        if (product is { SpreadsInputs: true, Steps: { } many })
        {
            int whole = many / vector.Lanes * vector.Lanes;
            WriteSpreadLoop(writer, vector, product, $"for (int k = 0; k < {whole}; k += {vector.Lanes})");
            if (many > whole)
                WriteLoop(writer, vector, product, $"for (int k = {whole}; k < {many}; k++)", 1);
        }
        else if (product.Steps is { } steps)
            WriteLoop(writer, vector, product, $"for (int k = 0; k < {steps}; {Advance(product.Splits)})", product.Splits);
        else if (product.Splits == 1)
            WriteLoop(writer, vector, product, "for (int k = 0; k < samples; k++)", 1);
        else
        {
            writer.Line("int k = 0;");
            WriteLoop(writer, vector, product, $"for (; k <= samples - {product.Splits}; {Advance(product.Splits)})", product.Splits);
            WriteLoop(writer, vector, product, "for (; k < samples; k++)", 1);
        }
        for (int half = product.Splits / 2; half > 0; half /= 2)
        {
            for (int split = 0; split < half; split++)
            {
                for (int r = 0; r < product.Rows; r++)
                {
                    for (int c = 0; c < product.Columns; c++)
                        writer.Line($"{Partial(r, c, split)} += {Partial(r, c, split + half)};");
                }
            }
        }
    }

    private static string Advance(int steps) => steps == 1 ? "k++" : $"k += {steps}";

    private static string Partial(int row, int column, int split) =>
        split == 0 ? Accumulator(row, column) : $"{Accumulator(row, column)}_{split}";

    private static void WriteLoop(SourceWriter writer, VectorSyntax vector, TileProduct product, string header, int splits)
    {
        (TileOperand broadcast, TileOperand vectors) = (product.Broadcast, product.Vectors);
        using (writer.Block(header))
        {
            for (int split = 0; split < splits; split++)
            {
                string suffix = splits == 1 ? "" : $"_{split}";
                for (int c = 0; c < product.Columns; c++)
                    writer.Line($"var w{c}{suffix} = {vector.Load(vectors.Name, split * vectors.Step + c * vector.Lanes)};");
                for (int r = 0; r < product.Rows; r++)
                {
                    writer.Line($"var x{r}{suffix} = {vector.Broadcast(VectorSyntax.Element(broadcast.Name, split * broadcast.Step + r * broadcast.Row))};");
                    for (int c = 0; c < product.Columns; c++)
                        writer.Line($"{Partial(r, c, split)} = {vector.MultiplyAdd($"x{r}{suffix}", $"w{c}{suffix}", Partial(r, c, split))};");
                }
            }
            writer.Line($"{broadcast.Name} = {VectorSyntax.At(broadcast.Name, $"{splits * broadcast.Step}")};");
            writer.Line($"{vectors.Name} = {VectorSyntax.At(vectors.Name, $"{splits * vectors.Step}")};");
        }
    }

    private static void WriteSpreadLoop(SourceWriter writer, VectorSyntax vector, TileProduct product, string header)
    {
        (TileOperand broadcast, TileOperand vectors) = (product.Broadcast, product.Vectors);
        using (writer.Block(header))
        {
            vector.WriteSpread(writer, broadcast.Name, 0, "x", (step, number) =>
            {
                for (int c = 0; c < product.Columns; c++)
                {
                    string sum = Partial(0, c, step % product.Splits);
                    writer.Line($"{sum} = {vector.MultiplyAdd(number, vector.Load(vectors.Name, step * vectors.Step + c * vector.Lanes), sum)};");
                }
            });
            writer.Line($"{broadcast.Name} = {VectorSyntax.At(broadcast.Name, $"{vector.Lanes}")};");
            writer.Line($"{vectors.Name} = {VectorSyntax.At(vectors.Name, $"{vector.Lanes * vectors.Step}")};");
        }
    }

    /// <summary>Writes the loops that cover <c>samples</c> rows with a tile's row counts, largest first.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="call">The call that computes the given number of rows from row <c>s</c> on.</param>
    public static void WriteRowLoops(SourceWriter writer, TilePlan tile, Func<int, string> call)
    {
        writer.Line("int s = 0;");
        foreach (int rows in tile.RowTiles)
        {
            writer.Line(rows == 1 ? "for (; s < samples; s++)" : $"for (; s <= samples - {rows}; s += {rows})");
            writer.Line($"    {call(rows)}");
        }
    }

    /// <summary>
    /// Writes the loop over the panels of a group. A single panel needs no loop, and a scope of its own only beside others.
    /// </summary>
    public static SourceWriter.Scope? PanelLoop(SourceWriter writer, PanelGroup group, int groups) =>
        group.Count > 1 ? writer.Block($"for (int panel = 0; panel < {group.Count}; panel++)")
        : groups > 1 ? writer.Block()
        : null;

    /// <summary>Writes the loop over the column blocks of a panel, or none where a tile covers the panel.</summary>
    public static SourceWriter.Scope? ColumnLoop(SourceWriter writer, PanelGroup group, int tileWidth) =>
        group.Width == tileWidth ? null : writer.Block($"for (int column = 0; column < {group.Width}; column += {tileWidth})");

    /// <summary>An offset that grows from panel to panel, and by the column where a loop over columns is open.</summary>
    public static string Offset(PanelGroup group, int first, int perPanel, bool column) =>
        (group.Count == 1 ? $"{first}" : first == 0 ? $"panel * {perPanel}" : $"{first} + panel * {perPanel}") + (column ? " + column" : "");
}
