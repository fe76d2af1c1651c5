using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes the product of a single sample as straight lines of multiply-adds: sums in variables, inputs from memory or from the variables of the layer below.</summary>
internal sealed class WrittenOutProductEmitter(SourceWriter writer, KernelContext context)
{
    private readonly SharedRowsEmitter _rows = new(writer, context);

    /// <summary>The variable of a vector of activations.</summary>
    public static string Activations(LayerPlan layer, int v) => $"a{layer.Number}_{v}";

    /// <summary>Whether a hidden layer's activations stay in variables for the layer above.</summary>
    /// <param name="layer">The layer.</param>
    public bool StaysInVariables(LayerPlan layer) => !layer.IsOutput && context.Schedule.Layers[layer.Number].TakesVectors;

    /// <summary>The variable of a vector of z: where activations stay in variables, theirs, since φ is applied in place.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="v">The vector's number.</param>
    public string Sum(LayerPlan layer, int v) => StaysInVariables(layer) ? Activations(layer, v) : $"z{layer.Number}_{v}";

    /// <summary>Writes z = W·x + b, whole.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The reference to its inputs, where they are in memory.</param>
    /// <param name="vectors">The vectors of units that are computed.</param>
    public void WriteWhole(LayerPlan layer, string input, int vectors)
    {
        string w = $"w{layer.Number}";
        writer.Line($"ref float {w} = {VectorSyntax.At("parameters", $"{layer.Offset}")};");
        if (context.Schedule.Layers[layer.Number - 1].RowsInVector > 1)
            WriteSharedRows(layer, input, w);
        else
            WritePart(layer, new ProductPart(0, vectors, 0, layer.Inputs), w, input);
    }

    // Inputs that were stored a vector at a time are read so: part of a vector would have to wait until its store has reached the cache.
    private void WriteSharedRows(LayerPlan layer, string input, string w)
    {
        LayerSchedule schedule = context.Schedule.Layers[layer.Number - 1];
        int rows = schedule.RowsInVector;
        if (layer.Number == 1)
        {
            _rows.WriteProduct(layer, w, group => _rows.SpreadFromMemory(layer, input, group * rows), Sum(layer, 0));
            return;
        }
        LayerPlan below = context.Plan.Layers[layer.Number - 2];
        VectorSyntax stored = context.Vector(below);
        for (int v = 0; !schedule.TakesVectors && v * stored.Lanes < layer.Inputs; v++)
            writer.Line($"var {Activations(below, v)} = {stored.Load(input, v * stored.Lanes)};");
        _rows.WriteProduct(
            layer, w, group => _rows.Spread(layer, Activations(below, group * rows / stored.Lanes), stored.Lanes, group * rows % stored.Lanes), Sum(layer, 0));
    }

    /// <summary>
    /// Writes a part of z = W·x + b as one line for each vector of weights, summed in as many chains as keep the multiply-add units busy. The sums
    /// begin with the bias; with inputs before those of the part, with what these have left in z.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="part">Its inputs and units.</param>
    /// <param name="w">The reference to the layer's parameters.</param>
    /// <param name="input">The reference to its inputs, where they are in memory.</param>
    public void WritePart(LayerPlan layer, ProductPart part, string w, string input)
    {
        VectorSyntax vector = context.Vector(layer);
        int splits = TilePlanner.UnrolledSplits(part.Vectors, part.Inputs);
        int[] vectors = [.. Enumerable.Range(part.FirstVector, part.Vectors)];
        string Partial(int v, int split) => split == 0 ? Sum(layer, v) : $"{Sum(layer, v)}_{split}";
        string? Initial(int v) =>
            part.FirstInput > 0 ? vector.Load("z", v * vector.Lanes)
            : layer.Dense.Bias ? vector.Load(w, WeightOffset(layer, vector.Lanes, layer.Inputs, v))
            : null;

        LayerSchedule schedule = context.Schedule.Layers[layer.Number - 1];
        int first = 0;
        string x = $"x{layer.Number}_";
        if (schedule.TakesVectors)
        {
            for (; first < part.Inputs; first += vector.Lanes)
                vector.WriteSpread(writer, Activations(context.Plan.Layers[layer.Number - 2], first / vector.Lanes), first, x, (lane, number) => WriteStep(first + lane, number));
        }
        else if (schedule.SpreadsInputs)
        {
            first = part.Inputs / 2 * 2;
            VectorSyntax.WriteSpreadPairs(writer, input, part.FirstInput, first, x, WriteStep);
        }
        for (; first < part.Inputs; first++)
        {
            writer.Line($"var {x}{part.FirstInput + first} = {vector.Broadcast(VectorSyntax.Element(input, part.FirstInput + first))};");
            WriteStep(first, $"{x}{part.FirstInput + first}");
        }
        PartialSums.Write(writer, splits, split => vectors.Select(v => Partial(v, split)));

        void WriteStep(int step, string number)
        {
            int k = part.FirstInput + step, split = step % splits;
            foreach (int v in vectors)
            {
                string weights = vector.Load(w, WeightOffset(layer, vector.Lanes, k, v));
                string z = Partial(v, split);
                if (step >= splits)
                    writer.Line($"{z} = {vector.MultiplyAddOfMany(number, weights, z)};");
                else
                    writer.Line($"{vector.Type} {z} = {(split == 0 && Initial(v) is { } initial ? vector.MultiplyAddOfMany(number, weights, initial) : $"{number} * {weights}")};");
            }
        }
    }

    /// <summary>Where a vector of a row of weights lies, in floats from the layer's start: in its panel.</summary>
    public static int WeightOffset(LayerPlan layer, int lanes, int row, int v)
    {
        int unit = v * lanes, panel = 0;
        while (panel + 1 < layer.Layout.Panels && layer.Layout.FirstUnit(panel + 1) <= unit)
            panel++;
        return layer.Layout.Offset(panel) + row * layer.Layout.Width(panel) + unit - layer.Layout.FirstUnit(panel);
    }
}
