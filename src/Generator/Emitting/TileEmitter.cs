using System.Globalization;
using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>One side of a product: where its numbers lie. Variables for them begin with the first letter of its name.</summary>
/// <param name="Name">The reference to the first.</param>
/// <param name="Step">Floats from one step of the product to the next.</param>
/// <param name="Row">Floats from one row of the tile to the next (for the broadcast side).</param>
internal sealed record TileOperand(string Name, TileDistance Step, TileDistance Row = default);

/// <summary>A register tile's product: z[r][c] += broadcast[r] · vectors[c], one step after the other.</summary>
/// <param name="Rows">Rows of the tile.</param>
/// <param name="Columns">Vectors side by side.</param>
/// <param name="Splits">Partial sums of each accumulator: a tile of few accumulators needs more chains. Powers of two.</param>
/// <param name="Broadcast">The side of which one number serves a row; null where the vectors are only summed.</param>
/// <param name="Vectors">The side of which one vector serves a column.</param>
/// <param name="Steps">The constant that is the number of steps; null where it is the variable <c>samples</c>.</param>
/// <param name="Spreads">Whether the numbers of a single row, of which there are an even number, are read two at a time.</param>
internal sealed record TileProduct(
    int Rows, int Columns, int Splits, TileOperand? Broadcast, TileOperand Vectors, string? Steps, bool Spreads = false)
{
    /// <summary>Whether the steps, a known number of them, are written one after the other instead of in a loop.</summary>
    public bool WritesOut { get; init; }

    /// <summary>Whether the steps, a known number of them, are no multiple of the splits.</summary>
    public bool HasRest { get; init; }

    /// <summary>Whether vectors that are read once, from beyond the first-level cache, are asked for ahead.</summary>
    public bool Prefetches { get; init; }

    /// <summary>Whether the last step is apart, row by row, each with what becomes of its sums (<see cref="TilePlanner.EndsByRows"/>). Of sums that are not split.</summary>
    public bool EndsByRows { get; init; }

    /// <summary>What later tiles will read, as a reference and a distance from it: each step asks for as many floats of it as the tile has rows. Null for nothing.</summary>
    public string? AsksFor { get; init; }
}

/// <summary>Writes the inner loop that all products share, with every accumulator in a register.</summary>
internal static class TileEmitter
{
    private const int VariablesInLine = 4;

    /// <summary>The accumulator of a row and column.</summary>
    public static string Accumulator(int row, int column) => $"z{row}_{column}";

    /// <summary>Writes the accumulators, the loop over the steps, and the sums of split accumulators.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vector">The vector's syntax.</param>
    /// <param name="product">What to compute.</param>
    /// <param name="initial">The first value of the accumulators of a row and column; null for 0.</param>
    public static void Write(SourceWriter writer, VectorSyntax vector, TileProduct product, Func<int, int, string>? initial)
    {
        WriteAccumulators(writer, vector, product, initial);
        if (product is { WritesOut: true, Steps: { } known, Broadcast: { } from })
        {
            for (int step = 0; step < int.Parse(known, CultureInfo.InvariantCulture); step++)
                WriteStep(writer, vector, product, from, step, 0, $"_{step}");
            return;
        }
        string count = product.Steps ?? "samples";
        if (product.Spreads)
            WriteSpreadLoop(writer, vector, product, count);
        else if (product.Splits == 1 || product is { Steps: not null, HasRest: false })
            WriteLoop(writer, vector, product, $"for (int k = 0; k < {(product.EndsByRows ? OneLess(count) : count)}; {Advance(product.Splits)})", product.Splits);
        else
        {
            writer.Line("int k = 0;");
            WriteLoop(writer, vector, product, $"for (; k <= {count} - {product.Splits}; {Advance(product.Splits)})", product.Splits);
            WriteLoop(writer, vector, product, $"for (; k < {count}; k++)", 1);
        }
        PartialSums.Write(writer, product.Splits, split => Enumerable.Range(0, product.Rows).SelectMany(r => Enumerable.Range(0, product.Columns).Select(c => Partial(r, c, split))));
    }

    /// <summary>Writes what becomes of the sums row by row, and before that of each the last step where it is apart.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vector">The vector's syntax.</param>
    /// <param name="product">What was computed.</param>
    /// <param name="use">Writes what becomes of a row's sums.</param>
    public static void WriteRows(SourceWriter writer, VectorSyntax vector, TileProduct product, Action<int> use)
    {
        using (product.EndsByRows ? writer.Block() : (SourceWriter.Scope?)null)
        {
            if (product.EndsByRows)
                WriteLastVectors(writer, vector, product);
            for (int r = 0; r < product.Rows; r++)
            {
                if (product.EndsByRows)
                {
                    string number = $"{product.Broadcast!.Name[0]}{r}";
                    writer.Line($"var {number} = {vector.Broadcast(LastNumber(product, r))};");
                    for (int c = 0; c < product.Columns; c++)
                        writer.Line($"{Accumulator(r, c)} = {vector.MultiplyAdd(number, LastVector(product, c), Accumulator(r, c))};");
                }
                use(r);
            }
        }
    }

    /// <summary>Writes the variables of the last step's vectors.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vector">The vector's syntax.</param>
    /// <param name="product">The product, whose last step is apart.</param>
    public static void WriteLastVectors(SourceWriter writer, VectorSyntax vector, TileProduct product)
    {
        writer.Line("// The last step, row by row.");
        for (int c = 0; c < product.Columns; c++)
            writer.Line($"var {LastVector(product, c)} = {vector.Load(product.Vectors.Name, c * vector.Lanes)};");
    }

    /// <summary>The variable of a vector of the last step.</summary>
    /// <param name="product">The product.</param>
    /// <param name="column">The column that it serves.</param>
    public static string LastVector(TileProduct product, int column) => $"{product.Vectors.Name[0]}{column}";

    /// <summary>A row's number of the last step.</summary>
    /// <param name="product">The product.</param>
    /// <param name="row">The row.</param>
    public static string LastNumber(TileProduct product, int row) => VectorSyntax.ElementAt(product.Broadcast!.Name, product.Broadcast.Row.Times(row));

    // The accumulators begin as the product asks, the further partial sums of each as 0. Rows that begin alike copy the first.
    private static void WriteAccumulators(SourceWriter writer, VectorSyntax vector, TileProduct product, Func<int, int, string>? initial)
    {
        int given = 0;
        for (; initial is not null && given < product.Rows && (given == 0 || initial(given, 0) != initial(0, 0)); given++)
        {
            for (int c = 0; c < product.Columns; c++)
                writer.Line($"var {Accumulator(given, c)} = {(c > 0 && initial(given, c) == initial(given, 0) ? Accumulator(given, 0) : initial(given, c))};");
        }
        WriteRows(given, product.Rows - given, (r, c) => $"{Accumulator(r, c)} = {(initial is null ? vector.TypedZero : Accumulator(0, c))}");
        for (int split = 1; split < product.Splits; split++)
            WriteRows(0, product.Rows, (r, c) => $"{Partial(r, c, split)} = {vector.TypedZero}");

        // A row in a line; several of them where they are short.
        void WriteRows(int first, int count, Func<int, int, string> variable)
        {
            int rows = Math.Max(1, VariablesInLine / product.Columns);
            for (int row = first; row < first + count; row += rows)
            {
                IEnumerable<string> variables = Enumerable.Range(row, Math.Min(rows, first + count - row)).SelectMany(r => Enumerable.Range(0, product.Columns).Select(c => variable(r, c)));
                writer.Line($"{vector.Type} {string.Join(", ", variables)};");
            }
        }
    }

    private static string OneLess(string count) => int.TryParse(count, out int known) ? $"{known - 1}" : $"{count} - 1";

    private static string Advance(int steps) => steps == 1 ? "k++" : $"k += {steps}";

    private static string Partial(int row, int column, int split) =>
        split == 0 ? Accumulator(row, column) : $"{Accumulator(row, column)}_{split}";

    private static void WriteLoop(SourceWriter writer, VectorSyntax vector, TileProduct product, string header, int splits)
    {
        TileOperand vectors = product.Vectors;
        using (writer.Block(header))
        {
            for (int split = 0; split < splits; split++)
            {
                if (product.Broadcast is { } broadcast)
                    WriteStep(writer, vector, product, broadcast, split, split, splits == 1 ? "" : $"_{split}");
                else
                {
                    for (int c = 0; c < product.Columns; c++)
                        writer.Line($"{Partial(0, c, split)} += {vector.LoadAt(vectors.Name, vectors.Step.Times(split, c * vector.Lanes))};");
                }
            }
            if (product.Broadcast is { } advanced)
                writer.Line($"{advanced.Name} = {VectorSyntax.At(advanced.Name, advanced.Step.Times(splits))};");
            writer.Line($"{vectors.Name} = {VectorSyntax.At(vectors.Name, vectors.Step.Times(splits))};");
        }
    }

    // One step of the product, into the partial sums of one split.
    private static void WriteStep(
        SourceWriter writer, VectorSyntax vector, TileProduct product, TileOperand broadcast, int step, int split, string suffix)
    {
        // What serves one row only is read where it is used: in variables, eight vectors of weights would leave too few registers.
        bool shared = product.Rows > 1;
        TileOperand vectors = product.Vectors;
        string Number(int r) => $"{broadcast.Name[0]}{r}{suffix}";
        string Vector(int c) => shared ? $"{vectors.Name[0]}{c}{suffix}" : Load(c);
        string Load(int c) => vector.LoadAt(vectors.Name, vectors.Step.Times(step, c * vector.Lanes));
        TileStep.Write(
            product.Rows, product.Columns,
            r => writer.Line($"var {Number(r)} = {vector.Broadcast(VectorSyntax.ElementAt(broadcast.Name, VectorSyntax.Sum(broadcast.Step.Times(step), broadcast.Row.Times(r))))};"),
            c =>
            {
                if (shared)
                    writer.Line($"var {Vector(c)} = {Load(c)};");
            },
            (r, c) => writer.Line($"{Partial(r, c, split)} = {vector.MultiplyAdd(Number(r), Vector(c), Partial(r, c, split))};"));
        if (product.AsksFor is { } next)
            writer.Line($"BpKernels::Prefetching.NextPanel({next} + k * {product.Rows});");
        if (product.Prefetches)
            writer.Line($"BpKernels::Prefetching.Beyond({VectorSyntax.At(vectors.Name, vectors.Step.Times(step))}, {product.Columns * vector.Lanes});");
    }

    private static void WriteSpreadLoop(SourceWriter writer, VectorSyntax vector, TileProduct product, string count)
    {
        (TileOperand broadcast, TileOperand vectors) = (product.Broadcast!, product.Vectors);
        int steps = Math.Max(2, product.Splits);
        using (writer.Block($"for (int k = 0; k < {count}; {Advance(steps)})"))
        {
            VectorSyntax.WriteSpreadPairs(writer, broadcast.Name, 0, steps, $"{broadcast.Name[0]}", (step, number) =>
            {
                for (int c = 0; c < product.Columns; c++)
                {
                    string sum = Partial(0, c, step % product.Splits);
                    writer.Line($"{sum} = {vector.MultiplyAdd(number, vector.LoadAt(vectors.Name, vectors.Step.Times(step, c * vector.Lanes)), sum)};");
                }
            });
            writer.Line($"{broadcast.Name} = {VectorSyntax.At(broadcast.Name, $"{steps}")};");
            writer.Line($"{vectors.Name} = {VectorSyntax.At(vectors.Name, vectors.Step.Times(steps))};");
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

    /// <summary>Writes a statement for each column block of a panel.</summary>
    public static void WriteColumns(SourceWriter writer, PanelGroup group, int tileWidth, string statement) => WritePanels(writer, group with { Count = 1 }, tileWidth, statement);

    /// <summary>Writes a statement for each column block of each panel of a group.</summary>
    public static void WritePanels(SourceWriter writer, PanelGroup group, int tileWidth, string statement)
    {
        string indent = "";
        if (group.Count > 1)
            WriteLoop($"for (int panel = 0; panel < {group.Count}; panel++)");
        if (group.Width != tileWidth)
            WriteLoop($"for (int column = 0; column < {group.Width}; column += {tileWidth})");
        writer.Line(indent + statement);

        void WriteLoop(string header)
        {
            writer.Line(indent + header);
            indent += "    ";
        }
    }

    /// <summary>An offset that grows from panel to panel, and by the column where a loop over columns is open.</summary>
    public static string Offset(PanelGroup group, int first, int perPanel, bool column) =>
        (group.Count == 1 ? $"{first}" : first == 0 ? $"panel * {perPanel}" : $"{first} + panel * {perPanel}") + (column ? " + column" : "");
}
