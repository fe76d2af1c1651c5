using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the tiles that have a row for each sample: those of the forward product, z = W·x + b and a = φ(z), and of the propagation
/// of δ, (Wᵀδ′) ∘ φ′(z). They differ in numbers and in what is stored, which come as types; the loop is the same.
/// </summary>
internal sealed class ProductTileEmitter(SourceWriter writer, KernelContext context)
{
    /// <summary>The constraint of methods that are generic over what is stored of their sums.</summary>
    public const string ResultConstraint = "where TResult : struct, BpKernels::ITileResult";

    /// <summary>A tile's name, which says all that its text depends on.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="steps">The terms of each sum.</param>
    /// <param name="spreads">Whether a single row reads x a vector at a time.</param>
    public static string Name(TilePlan tile, int rows, int steps, bool spreads = false) => $"Tile{rows}x{tile.Width}{Suffix(tile, rows, steps, spreads)}";

    /// <summary>What a tile's name says besides its size: in how many partial sums it adds, and how it reads x.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="steps">The terms of each sum.</param>
    /// <param name="spreads">Whether a single row reads x a vector at a time.</param>
    public static string Suffix(TilePlan tile, int rows, int steps, bool spreads)
    {
        int splits = Splits(tile, rows, steps, spreads);
        string spread = spreads && rows == 1 ? "Spread" : "";
        return $"{(splits == 1 ? "" : $"By{splits}")}{(steps % splits == 0 ? "" : "AndRest")}{spread}";
    }

    /// <summary>Writes a tile, unless it has been.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="steps">The terms of each sum.</param>
    /// <param name="spreads">Whether a single row reads x a vector at a time.</param>
    public void Write(TilePlan tile, int rows, int steps, bool spreads = false)
    {
        string name = Name(tile, rows, steps, spreads);
        if (!context.Begin(name))
            return;
        VectorSyntax vector = context.Vector(tile.Lanes);
        TileRow row = Row(vector);
        bool asks = context.Plan.AsksForNextPanel(tile, rows);
        writer.Line();
        int splits = Splits(tile, rows, steps, spreads), accumulators = rows * tile.Columns;
        var product = new TileProduct(
            rows, tile.Columns, splits,
            new TileOperand("x", Step: 1, Row: TileDistance.InputStride), new TileOperand("w", Step: TileDistance.PanelWidth), ProductShapes.Steps, spreads && rows == 1)
        {
            HasRest = steps % splits != 0,
            EndsByRows = tile.EndsByRows(rows),
            Prefetches = rows == 1 && context.Plan.ReadsAhead,
            AsksFor = asks ? "ref bias, next" : null,
        };
        writer.Line($"// z[{rows},{tile.Width}] = x[{rows},Steps]·w[Steps,{tile.Width}] + bias: {accumulators} accumulator{(accumulators == 1 ? "" : "s")}.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}<{ProductShapes.Parameter}, TResult>(ref float w, ref float x, ref float from, ref float to{(asks ? ", int first" : "")}) {ProductShapes.Constraint} {ResultConstraint}"))
        {
            TileDistance.Declare(writer, rows == 1 ? [TileDistance.PanelWidth] : [TileDistance.InputStride, TileDistance.OutputStride, TileDistance.PanelWidth]);
            writer.Line($"ref float bias = {VectorSyntax.At("w", $"{ProductShapes.Steps} * {TileDistance.PanelWidth.Constant}")};");
            if (asks)
            {
                writer.Line("// Beside it, these samples' share of the next panel is asked for.");
                writer.Line($"int next = {TileDistance.PanelWidth.Constant} + first * {ProductShapes.Steps};");
            }
            TileEmitter.Write(writer, vector, product, (_, c) => $"{ProductShapes.Parameter}.HasBias ? {vector.Load("bias", c * vector.Lanes)} : {vector.TypedZero}");
            row.WriteUse(writer, vector, product, TileDistance.OutputStride.Times);
        }
        row.WriteMethod(writer, context, vector, product);
    }

    // x is read two numbers at a time where it is spread, so that none may be left.
    private static int Splits(TilePlan tile, int rows, int steps, bool spreads) => TilePlanner.Splits(rows * tile.Columns, steps, leavesRest: !spreads || rows > 1);

    private static TileRow Row(VectorSyntax vector) => new(
        "Store", "TResult", "what becomes of its sums", ResultConstraint, "ref float from, ref float to", "ref from, ref to",
        (z, at) => vector.StoreLanesAt($"TResult.Of<{vector.Wrapper}>({z}, ref from, {at})", "to", at));
}
