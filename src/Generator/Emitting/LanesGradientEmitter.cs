using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the gradient of a layer's parameters with the samples in the lanes: gs += Σₛ a·δᵀ and Σₛ δ, a vector of neighbouring
/// parameters at a time. Each of those has an accumulator, which goes over all samples of a block in a register; then one butterfly
/// sums them across their lanes into the vector of gradient.
/// </summary>
internal sealed class LanesGradientEmitter(SourceWriter writer, KernelContext context)
{
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);

    private int Lanes => _vector.Lanes;

    /// <summary>Writes a layer's gradient.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="block">Floats from row to row of the scratch.</param>
    public void Write(LayerPlan layer, int block)
    {
        string input = BatchLanesEmitter.Input(layer), delta = BatchLanesEmitter.Delta(layer);
        string product = layer.Dots is null ? $"{input}·{delta}ᵀ" : $"{delta}·{input}ᵀ";
        writer.Line($"// Layer {layer.Number}: gs += {product}{(layer.Dense.Bias ? $", and {delta} for the biases" : "")}, summed over the samples.");
        var inputs = new Factor("a", input, layer.Inputs);
        var deltas = new Factor("d", delta, layer.Units);
        if (layer.Dots is null)
        {
            Write(new Gradient(layer.Offset, inputs, deltas, layer.Layout.PaddedUnits, layer.Dense.Bias), block);
            return;
        }
        Write(new Gradient(layer.Offset, deltas, inputs, layer.UnitStep, Sums: false), block);
        if (layer.Dense.Bias)
            Write(new Gradient(layer.Offset + layer.BiasOffset, deltas with { Count = 0 }, deltas, layer.Layout.PaddedUnits, Sums: true), block);
    }

    /// <summary>Rows of scratch, one for each unit or input.</summary>
    /// <param name="Name">What a vector of them is called.</param>
    /// <param name="Buffer">The reference to the first.</param>
    /// <param name="Count">Their number.</param>
    private sealed record Factor(string Name, string Buffer, int Count);

    /// <summary>A matrix of gradients: the products of some rows of scratch, down, and others, across; and in one more row the sums of these.</summary>
    /// <param name="Offset">Where it begins in the gradient.</param>
    /// <param name="Down">What it has a row for.</param>
    /// <param name="Across">What it has a column for.</param>
    /// <param name="Padded">Floats from row to row.</param>
    /// <param name="Sums">Whether the row of sums follows.</param>
    private sealed record Gradient(int Offset, Factor Down, Factor Across, int Padded, bool Sums)
    {
        public int Rows => Down.Count + (Sums ? 1 : 0);
    }

    private void Write(Gradient gradient, int block)
    {
        int rowsInVector = Math.Max(1, Lanes / gradient.Padded), whole = gradient.Down.Count / rowsInVector * rowsInVector;
        if (whole > rowsInVector)
        {
            using (writer.Block($"for (int i = 0; i < {whole}; i += {rowsInVector})"))
                WriteRows("i", 0, rowsInVector);
        }
        else if (whole > 0)
            WriteRows("", 0, rowsInVector);
        for (int row = whole; row < gradient.Rows; row += rowsInVector)
            WriteRows("", row, Math.Min(rowsInVector, gradient.Rows - row));

        // Some rows of parameters that are a vector together, or one row that is several.
        void WriteRows(string loop, int first, int rows)
        {
            for (int column = 0; column < gradient.Across.Count; column += Lanes)
                WriteVector(gradient, block, loop, first, rows, column);
        }
    }

    private void WriteVector(Gradient gradient, int block, string loop, int first, int rows, int column)
    {
        ((string down, string downBuffer, int downCount), (string across, string acrossBuffer, int acrossCount)) = (gradient.Down, gradient.Across);
        int padded = gradient.Padded, columns = Math.Min(Math.Min(Lanes, padded), acrossCount - column), products = Math.Min(rows, downCount - first);
        bool shared = rows > 1;
        string Across(int c) => shared ? $"{across}{c}" : _vector.Load(across, c * block);
        string Sum(int row, int c) => $"g{row * padded + c}";
        using (writer.Block())
        {
            if (products > 0)
                writer.Line($"ref float {down} = {VectorSyntax.At(downBuffer, loop == "" ? $"{first * block}" : $"{loop} * {block}")};");
            writer.Line($"ref float {across} = {VectorSyntax.At(acrossBuffer, $"{column * block}")};");
            for (int row = 0; row < rows; row++)
                writer.Line($"{_vector.Type} {string.Join(", ", Enumerable.Range(0, columns).Select(c => $"{Sum(row, c)} = {_vector.TypedZero}"))};");
            using (writer.Block($"for (int s = 0; s < length; s += {Lanes})"))
            {
                for (int c = 0; shared && c < columns; c++)
                    writer.Line($"var {across}{c} = {_vector.Load(across, c * block)};");
                for (int row = 0; row < rows; row++)
                {
                    if (row < products)
                        writer.Line($"var {down}{row} = {_vector.Load(down, row * block)};");
                    for (int c = 0; c < columns; c++)
                        writer.Line(row < products ? $"{Sum(row, c)} = {_vector.MultiplyAdd($"{down}{row}", Across(c), Sum(row, c))};" : $"{Sum(row, c)} += {Across(c)};");
                }
                if (products > 0)
                    writer.Line($"{down} = ref BpMem::Unsafe.Add(ref {down}, {Lanes});");
                writer.Line($"{across} = ref BpMem::Unsafe.Add(ref {across}, {Lanes});");
            }
            VectorSyntax result = rows * padded == TilePlanner.ShortestRow ? context.Vector(TilePlanner.ShortestRow) : _vector;
            string sums = _vector.SumEach([.. Enumerable.Range(0, result.Lanes).Select(lane => lane / padded < rows && lane % padded < columns ? $"g{lane}" : _vector.Zero)]);
            string place = VectorSyntax.Sum($"{gradient.Offset + first * padded + column}", loop == "" ? "" : $"{loop} * {padded}");
            writer.Line($"ref float g = {VectorSyntax.At("gs", place)};");
            writer.Line(result.Store($"{result.Load("g", 0)} + {sums}", "g", 0));
        }
    }
}
