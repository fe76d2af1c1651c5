using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>One side of a product: where its numbers lie.</summary>
/// <param name="Name">The reference to the first.</param>
/// <param name="Step">Floats from one step of the product to the next.</param>
/// <param name="Row">Floats from one row of the tile to the next (for the broadcast side).</param>
internal sealed record TileOperand(string Name, int Step, int Row = 0);

/// <summary>
/// Writes the inner loop that all products share: a register tile of rows × columns accumulators,
/// z[r][c] += broadcast[r] · vector[c], one step after the other.
/// </summary>
internal static class TileEmitter
{
    /// <summary>The accumulator of a row and column.</summary>
    public static string Accumulator(int row, int column) => $"z{row}_{column}";

    /// <summary>Writes the accumulators, the loop over <paramref name="steps"/>, and the sums of split accumulators.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vector">The vector's syntax.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Vectors side by side.</param>
    /// <param name="splits">Partial sums of each accumulator; they divide the number of steps.</param>
    /// <param name="broadcast">The side of which one number serves a row.</param>
    /// <param name="vectors">The side of which one vector serves a column.</param>
    /// <param name="steps">The number of steps: a constant, or a variable's name.</param>
    /// <param name="initial">The first value of a column's accumulators.</param>
    public static void Write(
        SourceWriter writer, VectorSyntax vector, int rows, int columns, int splits,
        TileOperand broadcast, TileOperand vectors, string steps, Func<int, string> initial)
    {
        string Partial(int r, int c, int split) => split == 0 ? Accumulator(r, c) : $"{Accumulator(r, c)}_{split}";
        string W(int c, int split) => splits == 1 ? $"w{c}" : $"w{c}_{split}";
        string X(int r, int split) => splits == 1 ? $"x{r}" : $"x{r}_{split}";

        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < rows; r++)
            {
                writer.Line($"var {Accumulator(r, c)} = {(r == 0 ? initial(c) : Accumulator(0, c))};");
                for (int split = 1; split < splits; split++)
                    writer.Line($"var {Partial(r, c, split)} = {vector.Zero};");
            }
        }
        using (writer.Block($"for (int k = 0; k < {steps}; k{(splits == 1 ? "++" : $" += {splits}")})"))
        {
            for (int split = 0; split < splits; split++)
            {
                for (int c = 0; c < columns; c++)
                    writer.Line($"var {W(c, split)} = {vector.Load(vectors.Name, split * vectors.Step + c * vector.Lanes)};");
                for (int r = 0; r < rows; r++)
                {
                    writer.Line($"var {X(r, split)} = {vector.Broadcast(VectorSyntax.Element(broadcast.Name, split * broadcast.Step + r * broadcast.Row))};");
                    for (int c = 0; c < columns; c++)
                        writer.Line($"{Partial(r, c, split)} = {vector.MultiplyAdd(X(r, split), W(c, split), Partial(r, c, split))};");
                }
            }
            writer.Line($"{broadcast.Name} = {VectorSyntax.At(broadcast.Name, $"{splits * broadcast.Step}")};");
            writer.Line($"{vectors.Name} = {VectorSyntax.At(vectors.Name, $"{splits * vectors.Step}")};");
        }
        for (int half = splits / 2; half > 0; half /= 2)
        {
            for (int split = 0; split < half; split++)
            {
                for (int r = 0; r < rows; r++)
                {
                    for (int c = 0; c < columns; c++)
                        writer.Line($"{Partial(r, c, split)} += {Partial(r, c, split + half)};");
                }
            }
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
