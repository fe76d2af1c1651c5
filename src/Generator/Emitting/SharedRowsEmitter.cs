using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes what a single sample has of a layer whose rows of weights are so short that several of them share a vector: its lanes are inputs × units.
/// </summary>
internal sealed class SharedRowsEmitter(SourceWriter writer, KernelContext context)
{
    private readonly RegisterLayers _layers = new(context);

    /// <summary>Writes z = W·x + b; the parts of each unit are added in the end.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">The reference to its parameters.</param>
    /// <param name="inputs">The inputs of a group of rows, each in the lanes of its row.</param>
    /// <param name="sum">The variable that takes z.</param>
    public void WriteProduct(LayerPlan layer, string weights, Func<int, string> inputs, string sum)
    {
        VectorSyntax wide = _layers.Wide(layer), vector = context.Vector(layer);
        int groups = _layers.Groups(layer), splits = TilePlanner.UnrolledSplits(1, groups);
        string rows = $"{sum}Rows";
        string Partial(int split) => split == 0 ? rows : $"{rows}_{split}";
        for (int group = 0; group < groups; group++)
        {
            string partial = Partial(group % splits), vectorOfWeights = wide.Load(weights, group * wide.Lanes);
            writer.Line(group < splits
                ? $"{wide.Type} {partial} = {inputs(group)} * {vectorOfWeights};"
                : $"{partial} = {wide.MultiplyAddOfMany(inputs(group), vectorOfWeights, partial)};");
        }
        PartialSums.Write(writer, splits, split => [Partial(split)]);
        for (int lanes = wide.Lanes / 2; lanes >= vector.Lanes; lanes /= 2)
        {
            string half = lanes == vector.Lanes ? sum : $"{sum}Rows{lanes / vector.Lanes}";
            writer.Line($"var {half} = {RegisterSyntax.Part(rows, 2 * lanes, lanes, 0)} + {RegisterSyntax.Part(rows, 2 * lanes, lanes, lanes)};");
            rows = half;
        }
        if (layer.Dense.Bias)
            writer.Line($"{sum} += {vector.Load(weights, layer.Inputs * layer.Layout.PaddedUnits)};");
    }

    /// <summary>The inputs of a group of rows, or of the one row that fills a vector, each in the lanes of its row.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="vector">The vector that holds the inputs.</param>
    /// <param name="lanes">Its lanes.</param>
    /// <param name="first">The lane of the group's first.</param>
    public string Spread(LayerPlan layer, string vector, int lanes, int first) =>
        RegisterSyntax.Rearrange(vector, lanes, [.. RowOfLane(layer).Select(row => first + row)]);

    /// <summary>The same from memory.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="reference">The reference to its inputs.</param>
    /// <param name="first">The group's first.</param>
    public string SpreadFromMemory(LayerPlan layer, string reference, int first)
    {
        int rows = _layers.Rows(layer), lanes = context.Vector(layer).Lanes;
        return rows == 4
            ? Spread(layer, context.Vector(rows).Load(reference, first), rows, 0)
            : RegisterSyntax.Join([.. Enumerable.Range(first, rows).Select(i => context.Vector(lanes).Broadcast(VectorSyntax.Element(reference, i)))], lanes);
    }

    /// <summary>δ once for each of the rows that share a vector.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="delta">The vector that holds δ.</param>
    public string SpreadDelta(LayerPlan layer, string delta)
    {
        int lanes = context.Vector(layer).Lanes;
        return RegisterSyntax.Rearrange(delta, lanes, [.. RowOfLane(layer).Select((_, lane) => lane % lanes)]);
    }

    /// <summary>What there is for a vector's worth of groups, in the order of their inputs: lane r of row q is that of input r · rows + q.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="vector">The vector that holds it.</param>
    public string InOrder(LayerPlan layer, string vector)
    {
        int rows = _layers.Rows(layer), lanes = context.Vector(layer).Lanes, all = _layers.Wide(layer).Lanes;
        return RegisterSyntax.Rearrange(vector, all, [.. Enumerable.Range(0, all).Select(input => input % rows * lanes + input / rows)]);
    }

    private IEnumerable<int> RowOfLane(LayerPlan layer) =>
        Enumerable.Range(0, _layers.Wide(layer).Lanes).Select(lane => lane / context.Vector(layer).Lanes);
}
