using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>A forward product whose vectors run over the inputs.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Layout">How its parameters lie, or a copy of them.</param>
/// <param name="InputStride">Floats from one sample's inputs to the next one's.</param>
/// <param name="Applied">What is applied to the sums as they are stored.</param>
internal sealed record DotProduct(LayerPlan Layer, DotLayout Layout, int InputStride, Activation Applied)
{
    /// <summary>The last layer of a network, where its parameters lie so.</summary>
    public static DotProduct OfNetwork(NetworkPlan plan) => new(plan.Output, plan.Dots!, plan.InputStride(plan.Output), Activation.Identity);
}

/// <summary>
/// Writes the forward product of a layer that lies along its inputs: a sum for each sample and unit, which begins as a vector with the bias in its first
/// lane, and is added up across the lanes in the end, many sums at once.
/// </summary>
internal sealed class DotTileEmitter(SourceWriter writer, KernelContext context, DotProduct product)
{
    private readonly LayerPlan _layer = product.Layer;
    private readonly DotLayout _layout = product.Layout;
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);
    private readonly DotLoopEmitter _loops = new(writer, product.Layout, context.Width.Lanes);

    private int Lanes => _vector.Lanes;

    /// <summary>The sum of a sample and a unit.</summary>
    public static string Sum(int sample, int unit) => $"z{sample}_{unit}";

    /// <summary>Writes the sums of some samples, the first of which is at <c>x</c>, before they are added up across their lanes.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="inputs">The variable of each vector of a single sample's inputs; null where they are in memory.</param>
    /// <param name="parameters">The reference to the layer's parameters.</param>
    public void WriteSums(int samples, Func<int, string>? inputs = null, string parameters = "parameters")
    {
        DotRun[] runs = [.. DotRun.Of(_layout, int.MaxValue).Where(run => run.Width > 0).SelectMany(run => inputs is null ? [run] : run.Apart(_layout.Units))];
        int most = inputs is null ? DotPlanner.TileVectors(context.Width, _layout, samples * _layout.Units) : int.MaxValue;
        int splits = DotPlanner.Splits(samples * _layout.Units, runs.Select(run => run.Width / Lanes).DefaultIfEmpty(0).Max());
        IEnumerable<(int S, int U)> sums = Enumerable.Range(0, samples).SelectMany(s => Enumerable.Range(0, _layout.Units).Select(u => (s, u)));
        string Partial(int s, int u, int split) => split == 0 ? Sum(s, u) : $"{Sum(s, u)}_{split}";
        foreach ((int s, int u) in sums)
            writer.Line($"var {Sum(s, u)} = {(s > 0 ? Sum(0, u) : _layout.Bias ? Bias(u, parameters) : _vector.Zero)};");
        for (int split = 1; split < splits; split++)
            writer.Line($"{_vector.Type} {string.Join(", ", sums.Select(sum => $"{Partial(sum.S, sum.U, split)} = {_vector.TypedZero}"))};");
        foreach (DotRun run in runs)
        {
            _loops.Write(run, parameters, ownScope: runs.Length == 1, most, (w, x, _, first, vectors) =>
            {
                for (int v = 0; v < vectors; v++)
                {
                    int at = first + v * Lanes;
                    WriteVector($"{at / Lanes}", v % splits, u => _vector.Load(w, at + u * run.RowWidth), s => inputs?.Invoke((run.FirstInput + at) / Lanes) ?? _vector.Load(x, at + s * product.InputStride), isVariable: inputs is not null);
                }
            }, readsInputs: inputs is null);
        }
        foreach ((int place, int count) in _loops.Tail().Where(vector => vector.Count > 0))
        {
            WriteVector(
                $"Tail{place}", place / Lanes % splits, u => _vector.Load(parameters, _layout.LastVector(u) + place),
                s => _loops.Keep(_vector, inputs?.Invoke((_layout.TailInput + place) / Lanes) ?? _vector.Load("x", s * product.InputStride + _layout.TailInput + place), count),
                isVariable: inputs is not null && count == Lanes);
        }
        PartialSums.Write(writer, splits, split => sums.Select(sum => Partial(sum.S, sum.U, split)));

        // A vector of inputs of every sample, with the weights of every unit. What serves several is read, or masked, once.
        void WriteVector(string name, int split, Func<int, string> weights, Func<int, string> vector, bool isVariable)
        {
            bool sharesInputs = _layout.Units > 1 && !isVariable, sharesWeights = samples > 1;
            string Inputs(int s) => sharesInputs ? $"x{s}_{name}" : vector(s);
            string Weights(int u) => sharesWeights ? $"w{u}_{name}" : weights(u);
            TileStep.Write(
                samples, _layout.Units,
                s =>
                {
                    if (sharesInputs)
                        writer.Line($"var {Inputs(s)} = {vector(s)};");
                },
                u =>
                {
                    if (sharesWeights)
                        writer.Line($"var {Weights(u)} = {weights(u)};");
                },
                (s, u) => writer.Line($"{Partial(s, u, split)} = {_vector.MultiplyAddOfMany(Inputs(s), Weights(u), Partial(s, u, split))};"));
        }
    }

    /// <summary>Writes the tile of some samples.</summary>
    /// <param name="samples">The samples.</param>
    public void WriteTile(int samples)
    {
        writer.Line();
        writer.Line($"// z[{samples},{_layout.Units}] = x[{samples},{_layer.Inputs}]·W{_layer.Number}{(_layout.Bias ? $" + b{_layer.Number}" : "")}: {samples * _layout.Units} sum{(samples * _layout.Units == 1 ? "" : "s")}.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {TileName(samples)}(ref float parameters, ref float x, ref float z)"))
        {
            WriteSums(samples);
            WriteResult(samples);
        }
    }

    /// <summary>The name of the tile of some samples.</summary>
    public string TileName(int samples) => $"Dots{samples}x{_layout.Units}{(_layer.Number > 1 ? $"OfLayer{_layer.Number}" : "")}";

    /// <summary>The sums of a single sample, in the lanes of a vector of units.</summary>
    /// <param name="units">The vector's syntax.</param>
    /// <param name="v">The vector's number.</param>
    public string ResultOfOne(VectorSyntax units, int v) => Lanes == 1 ? Sum(0, v)
        : _layout.Units == 1 ? $"{units.Wrapper}.Create({_vector.Wrapper}.SumAcross({Sum(0, 0)}))"
        : _vector.SumEach([.. Sums(1).Skip(v * units.Lanes).Take(units.Lanes)]);

    // In the order of the buffer of z, the padding of its rows included.
    private string[] Sums(int samples) =>
        [.. Enumerable.Range(0, samples).SelectMany(s => Enumerable.Range(0, _layer.Stride).Select(u => u < _layout.Units ? Sum(s, u) : _vector.Zero))];

    /// <summary>Writes how the sums are added up across their lanes, and stored at <c>z</c>.</summary>
    /// <param name="samples">The samples.</param>
    public void WriteResult(int samples)
    {
        if (_layout.Units == 1 && _layer.Stride > 1 && Lanes > 1)
        {
            WriteRowsOfOne(samples);
            return;
        }
        string[] sums = Sums(samples);
        if (Lanes == 1)
        {
            for (int i = 0; i < sums.Length; i++)
                writer.Line($"{VectorSyntax.Element("z", i)} = {sums[i]};");
        }
        else if (sums.Length == 1)
            writer.Line($"z = {_vector.Wrapper}.SumAcross({sums[0]});");
        else
        {
            int length = Math.Min(Lanes, sums.Length);
            VectorSyntax result = context.Vector(length);
            for (int first = 0; first < sums.Length; first += length)
                writer.Line(result.StoreLanes(Applied(result, _vector.SumEach([.. sums.Skip(first).Take(length)])), "z", first));
        }
    }

    // The only unit's sums, each at the beginning of a row of padding.
    private void WriteRowsOfOne(int samples)
    {
        VectorSyntax four = context.Vector(TilePlanner.ShortestRow);
        for (int first = 0; first < samples; first += four.Lanes)
        {
            int count = Math.Min(four.Lanes, samples - first);
            string sums = $"sums{first}", each = _vector.SumEach([.. Enumerable.Range(0, four.Lanes).Select(s => s < count ? Sum(first + s, 0) : _vector.Zero)]);
            writer.Line($"{four.Type} {sums} = {Applied(four, each)};");
            for (int s = 0; s < count; s++)
                writer.Line(four.Store($"{four.Factory}.CreateScalar({four.Factory}.GetElement({sums}, {s}))", "z", (first + s) * _layer.Stride));
        }
    }

    private string Applied(VectorSyntax vector, string sums) => product.Applied == Activation.Identity ? sums : vector.Function($"{product.Applied}.Value", sums);

    private string Bias(int unit, string parameters)
    {
        string bias = VectorSyntax.Element(parameters, _layout.BiasOffset + unit);
        return Lanes == 1 ? bias : $"{_vector.Factory}.CreateScalar({bias})";
    }
}
