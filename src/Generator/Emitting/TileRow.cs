namespace Backprop.Generator.Emitting;

/// <summary>
/// What becomes of a row of a tile's accumulators: a method that all tiles of one width share, inlined into them; where their last step is apart, with the row's.
/// </summary>
/// <param name="Verb">What the method's name begins with.</param>
/// <param name="Type">Its type parameter.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Constraint">The constraint of what it is generic over.</param>
/// <param name="Parameters">Its parameters between the accumulators and the place <c>at</c>.</param>
/// <param name="Arguments">The arguments for them.</param>
/// <param name="Statement">What is done with an accumulator, at an offset.</param>
internal sealed record TileRow(
    string Verb, string Type, string Summary, string Constraint, string Parameters, string Arguments, Func<string, string, string> Statement)
{
    /// <summary>Writes the rows of a tile, and the last step where it is apart.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vector">The vector's syntax.</param>
    /// <param name="product">The tile's product.</param>
    /// <param name="place">Where a row begins.</param>
    public void WriteUse(SourceWriter writer, VectorSyntax vector, TileProduct product, Func<int, string> place)
    {
        using (product.EndsByRows ? writer.Block() : (SourceWriter.Scope?)null)
        {
            if (product.EndsByRows)
                TileEmitter.WriteLastVectors(writer, vector, product);
            for (int r = 0; r < product.Rows; r++)
            {
                IEnumerable<string> step = product.EndsByRows ? Columns(product, c => TileEmitter.LastVector(product, c)).Prepend(TileEmitter.LastNumber(product, r)) : [];
                IEnumerable<string> arguments = [.. step, .. Columns(product, c => TileEmitter.Accumulator(r, c)), Arguments, place(r)];
                writer.Line($"{Name(product)}<{Type}>({string.Join(", ", arguments)});");
            }
        }
    }

    /// <summary>Writes the method, unless a tile of the same width has done so.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="context">What has been written.</param>
    /// <param name="vector">The vector's syntax.</param>
    /// <param name="product">The tile's product.</param>
    public void WriteMethod(SourceWriter writer, KernelContext context, VectorSyntax vector, TileProduct product)
    {
        if (!context.Begin($"{Name(product)} {vector.Type} {product.Columns}"))
            return;
        IEnumerable<string> step = product.EndsByRows ? Columns(product, c => $"{vector.Type} y{c}").Prepend("float number") : [];
        IEnumerable<string> parameters = [.. step, .. Columns(product, c => $"{vector.Type} z{c}"), Parameters, "int at"];
        writer.Line();
        writer.Line($"// A row of a tile: {(product.EndsByRows ? "its last step, and " : "")}{Summary}.");
        writer.Line(Names.Inlined);
        using (writer.Block($"private static void {Name(product)}<{Type}>({string.Join(", ", parameters)}) {Constraint}"))
        {
            if (product.EndsByRows)
                writer.Line($"var x = {vector.Broadcast("number")};");
            for (int c = 0; c < product.Columns; c++)
                writer.Line(Statement(product.EndsByRows ? vector.MultiplyAdd("x", $"y{c}", $"z{c}") : $"z{c}", VectorSyntax.Sum("at", $"{c * vector.Lanes}")));
        }
    }

    private string Name(TileProduct product) => product.EndsByRows ? $"AddAnd{Verb}Row" : $"{Verb}Row";

    private static IEnumerable<string> Columns(TileProduct product, Func<int, string> column) => Enumerable.Range(0, product.Columns).Select(column);
}
