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
        int padded = layer.Layout.PaddedUnits, rowsInVector = Math.Max(1, Lanes / padded), whole = layer.Inputs / rowsInVector * rowsInVector;
        string delta = BatchLanesEmitter.Delta(layer);
        writer.Line($"// Layer {layer.Number}: gs += {BatchLanesEmitter.Input(layer)}·{delta}ᵀ{(layer.Dense.Bias ? $", and {delta} for the biases" : "")}, summed over the samples.");
        if (whole > rowsInVector)
        {
            using (writer.Block($"for (int i = 0; i < {whole}; i += {rowsInVector})"))
                WriteRows("i", 0, rowsInVector);
        }
        else if (whole > 0)
            WriteRows("", 0, rowsInVector);
        for (int row = whole; row < layer.Layout.Rows; row += rowsInVector)
            WriteRows("", row, Math.Min(rowsInVector, layer.Layout.Rows - row));

        // Some rows of parameters that are a vector together, or one row that is several.
        void WriteRows(string loop, int first, int rows)
        {
            for (int unit = 0; unit < layer.Units; unit += Lanes)
                WriteVector(layer, block, loop, first, rows, unit);
        }
    }

    private void WriteVector(LayerPlan layer, int block, string loop, int first, int rows, int unit)
    {
        int padded = layer.Layout.PaddedUnits, units = Math.Min(Math.Min(Lanes, padded), layer.Units - unit), inputs = Math.Min(rows, layer.Inputs - first);
        bool shared = rows > 1;
        string Delta(int u) => shared ? $"d{u}" : _vector.Load("d", u * block);
        string Sum(int row, int u) => $"g{row * padded + u}";
        using (writer.Block())
        {
            if (inputs > 0)
                writer.Line($"ref float a = {VectorSyntax.At(BatchLanesEmitter.Input(layer), loop == "" ? $"{first * block}" : $"{loop} * {block}")};");
            writer.Line($"ref float d = {VectorSyntax.At(BatchLanesEmitter.Delta(layer), $"{unit * block}")};");
            for (int row = 0; row < rows; row++)
                writer.Line($"{_vector.Type} {string.Join(", ", Enumerable.Range(0, units).Select(u => $"{Sum(row, u)} = {_vector.TypedZero}"))};");
            using (writer.Block($"for (int s = 0; s < length; s += {Lanes})"))
            {
                for (int u = 0; shared && u < units; u++)
                    writer.Line($"var d{u} = {_vector.Load("d", u * block)};");
                for (int row = 0; row < rows; row++)
                {
                    if (row < inputs)
                        writer.Line($"var a{row} = {_vector.Load("a", row * block)};");
                    for (int u = 0; u < units; u++)
                        writer.Line(row < inputs ? $"{Sum(row, u)} = {_vector.MultiplyAdd($"a{row}", Delta(u), Sum(row, u))};" : $"{Sum(row, u)} += {Delta(u)};");
                }
                if (inputs > 0)
                    writer.Line($"a = ref BpMem::Unsafe.Add(ref a, {Lanes});");
                writer.Line($"d = ref BpMem::Unsafe.Add(ref d, {Lanes});");
            }
            string sums = string.Join(", ", Enumerable.Range(0, Lanes).Select(lane => lane / padded < rows && lane % padded < units ? $"g{lane}" : _vector.Zero));
            string place = VectorSyntax.Sum($"{layer.Offset + first * padded + unit}", loop == "" ? "" : $"{loop} * {padded}");
            writer.Line($"ref float g = {VectorSyntax.At("gs", place)};");
            writer.Line(_vector.Store($"{_vector.Load("g", 0)} + BpMath::Transposition.SumEach({sums})", "g", 0));
        }
    }
}
