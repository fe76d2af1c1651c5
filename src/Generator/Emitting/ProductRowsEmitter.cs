using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes how the samples of a batch are covered with tiles, one panel wide: the methods that the forward product and the propagation
/// of δ call for each panel, and the tiles that these call.
/// </summary>
internal sealed class ProductRowsEmitter(SourceWriter writer, KernelContext context)
{
    private readonly ProductTileEmitter _tiles = new(writer, context);

    /// <summary>The method's name. It says all that its text depends on: the panel's width, and what is particular of its tiles.</summary>
    /// <param name="layout">The layout whose panels the product runs over.</param>
    /// <param name="group">The panels.</param>
    /// <param name="steps">The terms of each sum.</param>
    /// <param name="spreads">Whether a single row reads x a vector at a time.</param>
    public string Name(PanelLayout layout, PanelGroup group, int steps, bool spreads = false)
    {
        string[] particular = [.. Tiles(layout, group)
            .Select(tile => (tile.Rows, Suffix: ProductTileEmitter.Suffix(tile.Plan, tile.Rows, steps, spreads)))
            .Where(tile => tile.Suffix != "").Select(tile => $"{tile.Rows}{tile.Suffix}")];
        return $"Rows{group.Width}{(particular.Length == 0 ? "" : $"With{string.Join("And", particular)}")}";
    }

    /// <summary>Writes the method and its tiles, unless they have been.</summary>
    /// <param name="layout">The layout whose panels the product runs over.</param>
    /// <param name="group">The panels.</param>
    /// <param name="steps">The terms of each sum.</param>
    /// <param name="spreads">Whether a single row reads x a vector at a time.</param>
    public void Write(PanelLayout layout, PanelGroup group, int steps, bool spreads = false)
    {
        string name = Name(layout, group, steps, spreads);
        if (!context.Begin(name))
            return;
        (TilePlan Plan, int Rows)[] tiles = [.. Tiles(layout, group)];
        writer.Line();
        writer.Line($"// z[s,{group.Width}] = x[s,Steps]·w[Steps,{group.Width}] + bias, for all samples s.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}<{ProductShapes.Parameter}, TResult>(ref float w, ref float x, ref float from, ref float to, int samples) {ProductShapes.Constraint} {ProductTileEmitter.ResultConstraint}"))
        {
            TileDistance.Declare(writer, TileDistance.InputStride, TileDistance.OutputStride);
            writer.Line("int s = 0;");
            bool together = tiles[0].Plan.Width == tiles[tiles.Length - 1].Plan.Width;
            WriteColumns(group, [.. tiles.Where(tile => tile.Rows > 1 || together)], steps, spreads);
            if (!together)
                WriteRest(group, tiles[tiles.Length - 1].Plan, steps, spreads);
        }
        foreach ((TilePlan plan, int rows) in tiles)
            _tiles.Write(plan, rows, steps, spreads);
    }

    // Column block by column block, largest tiles first.
    private void WriteColumns(PanelGroup group, (TilePlan Plan, int Rows)[] tiles, int steps, bool spreads)
    {
        bool loops = group.Width != tiles[0].Plan.Width;
        using (TileEmitter.ColumnLoop(writer, group, tiles[0].Plan.Width))
        {
            foreach ((TilePlan plan, int rows) in tiles)
            {
                string start = loops && rows == tiles[0].Rows ? "s = 0" : "";
                writer.Line($"for ({start}; {Serves(tiles[0].Plan, rows)}; {(rows == 1 ? "s++" : $"s += {rows}")})");
                writer.Line($"    {Call(plan, rows, steps, spreads, loops)}");
            }
        }
    }

    // Of which samples that are left a tile takes its rows, by the plan: of all that it is the largest for, unless some go to another.
    private static string Serves(TilePlan tile, int rows)
    {
        const int most = 8;
        int larger = tile.RowTiles.Where(other => other > rows).DefaultIfEmpty(Math.Max(most, rows) + 1).Min();
        int[] own = [.. Enumerable.Range(1, most).Where(left => tile.Next(left) == rows)], others = [.. Enumerable.Range(rows, larger - rows).Where(left => tile.Next(left) != rows)];
        string all = rows == 1 ? "s < samples" : $"s <= samples - {rows}";
        return rows == tile.Rows && others.Length > 0 ? $"{all} && samples - s {(others.Length == 1 ? $"!= {others[0]}" : $"is not ({string.Join(" or ", others)})")}"
            : others.Length > 0 || own.Any(left => left >= larger) ? $"samples - s is {string.Join(" or ", own)}"
            : all;
    }

    // Row by row, where a single row's tile is wider.
    private void WriteRest(PanelGroup group, TilePlan row, int steps, bool spreads)
    {
        bool loops = group.Width != row.Width;
        writer.Line("for (; s < samples; s++)");
        if (loops)
            writer.Line($"    for (int column = 0; column < {group.Width}; column += {row.Width})");
        writer.Line($"{(loops ? "        " : "    ")}{Call(row, 1, steps, spreads, loops)}");
    }

    private string Call(TilePlan plan, int rows, int steps, bool spreads, bool column)
    {
        string w = column ? "ref BpMem::Unsafe.Add(ref w, column)" : "ref w", at = column ? "s * outputStride + column" : "s * outputStride";
        return $"{ProductTileEmitter.Name(plan, rows, steps, spreads)}<{ProductShapes.Parameter}, TResult>({w}, ref BpMem::Unsafe.Add(ref x, s * inputStride), ref BpMem::Unsafe.Add(ref from, {at}), ref BpMem::Unsafe.Add(ref to, {at}){(context.Plan.AsksForNextPanel(plan, rows) ? ", s" : "")});";
    }

    // The tiles of several rows, and that of a single row, which may be wider.
    private IEnumerable<(TilePlan Plan, int Rows)> Tiles(PanelLayout layout, PanelGroup group)
    {
        TilePlan tile = context.Tile(layout, group);
        return tile.RowTiles.Where(rows => rows > 1).Select(rows => (tile, rows)).Append((context.RowTile(layout, group), 1));
    }
}
