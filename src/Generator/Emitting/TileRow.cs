namespace Backprop.Generator.Emitting;

/// <summary>
/// What becomes of a row of a tile's accumulators: a method that all tiles of one width share, inlined into them.
/// </summary>
/// <param name="Name">The method's name, with its type parameter.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Constraint">The constraint of what it is generic over.</param>
/// <param name="Parameters">Its parameters between the accumulators and the place <c>at</c>.</param>
/// <param name="Arguments">The arguments for them.</param>
/// <param name="Statement">What is done with an accumulator, at an offset.</param>
internal sealed record TileRow(
    string Name, string Summary, string Constraint, string Parameters, string Arguments, Func<string, string, string> Statement)
{
    /// <summary>Writes the rows of a tile.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rows">The tile's rows.</param>
    /// <param name="columns">The vectors of a row.</param>
    /// <param name="place">Where a row begins.</param>
    public void WriteUse(SourceWriter writer, int rows, int columns, Func<int, string> place)
    {
        for (int r = 0; r < rows; r++)
            writer.Line($"{Name}({string.Join(", ", Enumerable.Range(0, columns).Select(c => TileEmitter.Accumulator(r, c)))}, {Arguments}, {place(r)});");
    }

    /// <summary>Writes the method, unless a tile of the same width has done so.</summary>
    public void WriteMethod(SourceWriter writer, KernelContext context, VectorSyntax vector, int columns)
    {
        if (!context.Begin($"{Name} {vector.Type} {columns}"))
            return;
        string accumulators = string.Join(", ", Enumerable.Range(0, columns).Select(c => $"{vector.Type} z{c}"));
        writer.Line();
        writer.Line($"// A row of a tile: {Summary}.");
        writer.Line(Names.Inlined);
        using (writer.Block($"private static void {Name}({accumulators}, {Parameters}, int at) {Constraint}"))
        {
            for (int c = 0; c < columns; c++)
                writer.Line(Statement($"z{c}", VectorSyntax.Sum("at", $"{c * vector.Lanes}")));
        }
    }
}
