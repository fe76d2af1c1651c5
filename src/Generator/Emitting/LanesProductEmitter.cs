using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>A layer's weights, or their transpose, as a product with the samples in the lanes reads them: one number at a time.</summary>
/// <param name="Outputs">The rows.</param>
/// <param name="Inputs">The columns.</param>
/// <param name="Offset">Where the first weight is among the parameters.</param>
/// <param name="OutputStep">Floats from one row to the next.</param>
/// <param name="InputStep">Floats from one column to the next.</param>
/// <param name="Biases">Where the biases of the rows are, neighbours; null where there are none.</param>
internal sealed record LanesMatrix(int Outputs, int Inputs, int Offset, int OutputStep, int InputStep, int? Biases)
{
    /// <summary>W and b of a layer: from activations to z.</summary>
    public static LanesMatrix Of(LayerPlan layer) =>
        new(layer.Units, layer.Inputs, layer.Offset, layer.UnitStep, layer.InputStep, layer.Dense.Bias ? layer.Offset + layer.BiasOffset : null);

    /// <summary>Wᵀ of a layer: from δ to ∂C/∂a below.</summary>
    public static LanesMatrix TransposeOf(LayerPlan layer) =>
        new(layer.Inputs, layer.Units, layer.Offset, layer.InputStep, layer.UnitStep, Biases: null);
}

/// <summary>
/// Writes a product with the samples in the lanes: to[o] = Σ from[i] · W[o, i] + b[o], where a row of either holds one unit of a block of samples. A few
/// outputs of two vectors of samples are computed at a time.
/// </summary>
internal sealed class LanesProductEmitter(SourceWriter writer, KernelContext context)
{
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);

    // Floats from row to row of the scratch.
    private int Block => context.Plan.SamplesInLanes!.Value;

    /// <summary>Writes it for <c>length</c> samples.</summary>
    /// <param name="to">The reference to the first row of the results.</param>
    /// <param name="from">The reference to the first row of what is multiplied.</param>
    /// <param name="matrix">W and b.</param>
    /// <param name="result">What is stored of a sum, a function of it and of its place; null for the sum itself.</param>
    public void Write(string to, string from, LanesMatrix matrix, Func<string, string, string>? result) =>
        WriteTiles(to, from, matrix, (sum, place, at) => _vector.Store(result?.Invoke(sum, place) ?? sum, "z", at));

    /// <summary>Writes it where there is one output, for each of <c>samples</c> and nothing beyond.</summary>
    /// <param name="to">The reference to the first sample's output.</param>
    /// <param name="from">The reference to the first row of what is multiplied.</param>
    /// <param name="matrix">W and b.</param>
    /// <param name="activation">φ of a sum.</param>
    public void WriteOnlyOutput(string to, string from, LanesMatrix matrix, Func<string, string> activation) =>
        WriteTiles(to: null, from, matrix, (sum, place, at) => $"{_vector.Wrapper}.StoreFirst({activation(sum)}, ref {to}, {place}, samples - s{(at == 0 ? "" : $" - {at}")});");

    // What is written of each sum: a function of its variable, of its place among the results, and of its distance from the tile's first, at z.
    private void WriteTiles(string? to, string from, LanesMatrix matrix, Func<string, string, int, string> store)
    {
        int rows = TilePlanner.OutputsInLanes(context.Width, matrix.Outputs, matrix.Inputs), whole = matrix.Outputs / rows * rows;
        if (whole > rows)
        {
            using (writer.Block($"for (int o = 0; o < {whole}; o += {rows})"))
                WriteTile(to, from, matrix, store, rows, step => step == 1 ? "o" : $"o * {step}");
        }
        else if (whole == rows)
            WriteTile(to, from, matrix, store, rows, _ => "");
        if (matrix.Outputs > whole)
            WriteTile(to, from, matrix, store, matrix.Outputs - whole, step => $"{whole * step}");
    }

    // As many outputs, from the first on, whose distance from the start is a function of that of two neighbours.
    private void WriteTile(string? to, string from, LanesMatrix matrix, Func<string, string, int, string> store, int count, Func<int, string> first)
    {
        // Of weights along the units the biases are one more row, for which no reference is needed (measured, 4-16-3: forward 3.81 ns in place of 3.87).
        bool biasesAreRow = matrix.OutputStep == 1;
        using (writer.Block($"for (int s = 0; s < length; s += {TilePlanner.VectorsInLanes * _vector.Lanes})"))
        {
            writer.Line($"ref float w = {VectorSyntax.At("parameters", VectorSyntax.Sum($"{matrix.Offset}", first(matrix.OutputStep)))};");
            writer.Line($"ref float a = ref BpMem::Unsafe.Add(ref {from}, s);");
            if (matrix.Biases is not null && !biasesAreRow)
                writer.Line($"ref float b = {VectorSyntax.At("parameters", VectorSyntax.Sum($"{matrix.Biases}", first(1)))};");
            string place = VectorSyntax.Sum("s", first(Block));
            if (to is not null)
                writer.Line($"ref float z = ref BpMem::Unsafe.Add(ref {to}, {place});");
            bool writesOut = matrix.Inputs <= TilePlanner.InputsWrittenOutInLanes;
            int splits = writesOut ? 1 : TilePlanner.Splits(count * TilePlanner.VectorsInLanes, matrix.Inputs);
            var product = new TileProduct(
                count, TilePlanner.VectorsInLanes, splits,
                new TileOperand("w", Step: matrix.InputStep, Row: matrix.OutputStep), new TileOperand("a", Step: Block), $"{matrix.Inputs}")
            { WritesOut = writesOut, HasRest = matrix.Inputs % splits != 0, EndsByRows = !writesOut && TilePlanner.EndsByRows(count * TilePlanner.VectorsInLanes) };
            TileEmitter.Write(writer, _vector, product, matrix.Biases is { } biases ? (row, _) => _vector.Broadcast(Bias(biases, row)) : null);
            TileEmitter.WriteRows(writer, _vector, product, o =>
            {
                for (int c = 0; c < TilePlanner.VectorsInLanes; c++)
                {
                    int at = o * Block + c * _vector.Lanes;
                    writer.Line(store(TileEmitter.Accumulator(o, c), VectorSyntax.Sum(place, $"{at}"), at));
                }
            });
        }

        string Bias(int biases, int row) => biasesAreRow ? VectorSyntax.Element("w", biases - matrix.Offset + row) : VectorSyntax.Element("b", row);
    }
}
