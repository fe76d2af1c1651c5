using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes δ below = W·δ ∘ φ′ for a single sample in registers: as sums across the lanes of the products of all rows of weights, or, where a layer has
/// up to four units, as a sum of its columns of weights.
/// </summary>
internal sealed class RegistersDeltaEmitter(SourceWriter writer, KernelContext context)
{
    private readonly RegisterLayers _layers = new(context);
    private readonly SharedRowsEmitter _rows = new(writer, context);

    /// <summary>Writes the δ of the layer below.</summary>
    /// <param name="layer">The layer, whose δ is in its variables.</param>
    /// <param name="below">The layer below.</param>
    /// <param name="factor">What δ is still to be multiplied by, as a vector of the layer below; "" where it is 1.</param>
    /// <param name="factorIsLate">Whether that is there later than δ.</param>
    public void Write(LayerPlan layer, LayerPlan below, string factor, bool factorIsLate)
    {
        writer.Line($"// δ{below.Number}[{below.Units}] = W{layer.Number}[{layer.Inputs},{layer.Units}]·δ{layer.Number}{Names.TimesDerivative(below)}.");
        writer.Line($"ref float w{layer.Number} = {VectorSyntax.At("parameters", $"{layer.Offset}")};");
        if (context.Schedule.Layers[layer.Number - 1].PropagatesByColumns)
            WriteFromColumns(layer, below, factorIsLate ? "" : factor, factorIsLate ? factor : "");
        else
            WriteFromSums(layer, below, factor);
    }

    // The columns and φ′ are there before δ is: only the last products wait for it.
    private void WriteFromColumns(LayerPlan layer, LayerPlan below, string factor, string lateFactor)
    {
        VectorSyntax result = context.Vector(below);
        string Delta(int unit) => $"d{layer.Number}Of{unit}";
        string Column(int unit, int group) => $"w{layer.Number}Of{unit}_{group}";

        writer.Line($"// Column by column: only the products with δ{layer.Number} wait for it.");
        for (int unit = 0; unit < layer.Units; unit++)
            writer.Line($"var {Delta(unit)} = {RegisterSyntax.Rearrange($"d{layer.Number}", context.Vector(layer).Lanes, [.. Enumerable.Repeat(unit, result.Lanes)])};");
        for (int v = 0; v < _layers.Vectors(below); v++)
        {
            string slope = WriteSlope(below, v, factor);
            foreach (int group in FirstGroups(layer, below, v))
            {
                IEnumerable<string> results = Enumerable.Range(0, TilePlanner.ShortestRow).Select(unit => unit < layer.Units ? $"out var {Column(unit, group)}" : "out _");
                writer.Line($"BpMath::Transposition.TransposeFours({Arguments(layer, below, v, group, row => Weights(layer, row, 0))}, {string.Join(", ", results)});");
            }
            string Term(int unit) => _layers.Name($"w{layer.Number}Of{unit}Slope", below, v);
            for (int unit = 0; unit < layer.Units; unit++)
                writer.Line($"var {Term(unit)} = {Gather(layer, below, v, group => Column(unit, group))}{Times(slope)};");
            string Product(int unit) => $"{Term(unit)} * {Delta(unit)}";
            string Pair(int unit) => unit + 1 == layer.Units ? Product(unit) : result.MultiplyAddOfMany(Term(unit), Delta(unit), Product(unit + 1));
            string sum = layer.Units > 2 ? $"{Pair(0)} + {Pair(2)}" : Pair(0);
            WriteDelta(below, v, lateFactor == "" ? sum : $"({sum}) * {lateFactor}");
        }
    }

    // The products of as many vectors of weights as a row has lanes are summed together.
    private void WriteFromSums(LayerPlan layer, LayerPlan below, string factor)
    {
        VectorSyntax wide = _layers.Wide(layer);
        for (int group = 0; group < _layers.Groups(layer); group++)
        {
            string product = $"{Weights(layer, group, 0)} * {_layers.SpreadDelta(layer, 0)}";
            for (int v = 1; v < _layers.Vectors(layer); v++)
                product = wide.MultiplyAddOfMany(Weights(layer, group, v), _layers.SpreadDelta(layer, v), product);
            writer.Line($"var p{layer.Number}_{group} = {product};");
        }
        string sum = _layers.Rows(layer) == 1 ? "SumEach" : "SumFours";
        for (int v = 0; v < _layers.Vectors(below); v++)
        {
            string sums = Gather(layer, below, v, group => $"BpMath::Transposition.{sum}({Arguments(layer, below, v, group, term => $"p{layer.Number}_{term}")})");
            string slope = WriteSlope(below, v, factor);
            WriteDelta(below, v, $"{sums}{Times(slope)}");
        }
    }

    private void WriteDelta(LayerPlan layer, int v, string value)
    {
        VectorSyntax vector = context.Vector(layer);
        string delta = _layers.Name("d", layer, v);
        writer.Line($"{vector.Type} {delta} = {value};");
        if (layer.Units < (v + 1) * vector.Lanes)
            writer.Line($"{delta} = {vector.Wrapper}.KeepFirst({delta}, {layer.Units - v * vector.Lanes});");
    }

    private string Weights(LayerPlan layer, int group, int v)
    {
        VectorSyntax wide = _layers.Wide(layer);
        return wide.Load($"w{layer.Number}", (group * _layers.Vectors(layer) + v) * wide.Lanes);
    }

    private static string Times(string factor) => factor == "" ? "" : $" * {factor}";

    // φ′ of a vector of units times a factor, where they are not 1: a product that does not wait for δ. Gives the variable.
    private string WriteSlope(LayerPlan layer, int v, string factor)
    {
        string derivative = Derivative(layer, v), slope = _layers.Name("derivative", layer, v);
        if (derivative == "")
            return factor;
        writer.Line($"var {slope} = {derivative}{Times(factor)};");
        return slope;
    }

    // φ′ of a vector of units, where it is not 1.
    private string Derivative(LayerPlan layer, int v) =>
        layer.StoresDerivative ? $"({context.Vector(layer).Type}){_layers.Name("slope", layer, v)}"
        : layer.Activation == Activation.Identity ? ""
        : context.Vector(layer).Call($"{layer.Activation}.DerivativeFromOutput", _layers.Name("a", layer, v));

    // The vectors of weights that belong to a vector of δ below, by the first of each few: as many as a row has lanes.
    private IEnumerable<int> FirstGroups(LayerPlan layer, LayerPlan below, int v)
    {
        int begin = v * context.Vector(below).Lanes / _layers.Rows(layer), end = Math.Min(_layers.Groups(layer), begin + context.Vector(below).Lanes / _layers.Rows(layer));
        for (int group = begin; group < end; group += context.Vector(layer).Lanes)
            yield return group;
    }

    private string Arguments(LayerPlan layer, LayerPlan below, int v, int first, Func<int, string> argument)
    {
        int end = Math.Min(_layers.Groups(layer), (v + 1) * context.Vector(below).Lanes / _layers.Rows(layer));
        return string.Join(", ", Enumerable.Range(first, context.Vector(layer).Lanes).Select(group => group < end ? argument(group) : _layers.Wide(layer).Zero));
    }

    // A vector for the inputs, of what there is for each few vectors of weights.
    private string Gather(LayerPlan layer, LayerPlan below, int v, Func<int, string> part)
    {
        VectorSyntax wide = _layers.Wide(layer), result = context.Vector(below);
        int length = Math.Max(wide.Lanes, result.Lanes);
        List<string> parts = [.. FirstGroups(layer, below, v).Select(group => _layers.Rows(layer) == 1 ? part(group) : _rows.InOrder(layer, part(group)))];
        while (parts.Count < length / wide.Lanes)
            parts.Add(wide.Zero);
        return RegisterSyntax.Part(RegisterSyntax.Join(parts, wide.Lanes), length, result.Lanes, 0);
    }
}
