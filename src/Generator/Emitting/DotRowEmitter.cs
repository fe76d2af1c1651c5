using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes the product of a single sample for the last layer where it lies along its inputs: a row of z, in registers where it fits them.</summary>
internal sealed class DotRowEmitter(SourceWriter writer, KernelContext context, OutputRegistersEmitter output)
{
    private readonly LayerPlan _layer = context.Plan.Output;
    private readonly VectorSyntax _units = context.Vector(context.Plan.Output);
    private readonly DotTileEmitter _tiles = new(writer, context, DotProduct.OfNetwork(context.Plan));

    /// <summary>Whether z is in registers, as the lanes <c>z0</c>, <c>z1</c>, …; else it is in memory.</summary>
    public bool InRegisters => context.Schedule.Layers[_layer.Number - 1].UnrollsActivation;

    private IEnumerable<int> Vectors => Enumerable.Range(0, output.Vectors);

    private string Name => _layer.Number == 1 ? "WeightedInputsOne" : $"WeightedInputsOneOfLayer{_layer.Number}";

    /// <summary>Writes the method, which takes its inputs from memory.</summary>
    public void Write()
    {
        writer.Line();
        writer.Line($"/// <summary>One sample: the weighted inputs z{_layer.Number}[{_layer.Units}] = W{_layer.Number}·{(_layer.Number == 1 ? "x" : $"a{_layer.Number - 1}")}{(_layer.Dense.Bias ? $" + b{_layer.Number}" : "")}.</summary>");
        writer.Line(context.Schedule.One.InlinesForward ? Names.Inlined : Names.Kernel);
        string results = string.Concat(Vectors.Select(v => $", out {_units.Wrapper} z{v}"));
        using (writer.Block($"private static void {Name}(ref float parameters, ref float x{(InRegisters ? results : ", ref float z")})"))
        {
            _tiles.WriteSums(1);
            WriteResult();
        }
    }

    /// <summary>Writes the product of inputs that are in variables, in place.</summary>
    /// <param name="inputs">The variable of each vector of inputs.</param>
    public void WriteInPlace(Func<int, string> inputs)
    {
        using (writer.Block())
        {
            string parameters = $"w{_layer.Number}";
            writer.Line($"ref float {parameters} = {VectorSyntax.At("parameters", $"{_layer.Offset}")};");
            _tiles.WriteSums(1, inputs, parameters);
            WriteResult();
        }
    }

    private void WriteResult()
    {
        if (!InRegisters)
        {
            _tiles.WriteResult(1);
            return;
        }
        foreach (int v in Vectors)
            writer.Line($"z{v} = {_tiles.ResultOfOne(_units, v)};");
    }

    /// <summary>The call of the method that leaves z in registers.</summary>
    /// <param name="parameters">The reference to the layer's parameters.</param>
    /// <param name="x">The reference to its inputs.</param>
    /// <param name="declares">Whether the variables of z are declared with it.</param>
    public string Call(string parameters, string x, bool declares = true) =>
        $"{Name}({parameters}, {x}{string.Concat(Vectors.Select(v => $", out {(declares ? $"{_units.Wrapper} " : "")}z{v}"))});";

    /// <summary>The call of the method that stores z.</summary>
    /// <param name="parameters">The reference to the layer's parameters.</param>
    /// <param name="x">The reference to its inputs.</param>
    /// <param name="z">The reference to its row of z, which the method fills with its padding.</param>
    public string CallStoring(string parameters, string x, string z) => $"{Name}({parameters}, {x}, {z});";

    /// <summary>Writes how the sums of one sample of a batch come into its row, whose padding becomes 0.</summary>
    /// <param name="x">The reference to its inputs.</param>
    /// <param name="z">The reference to its row.</param>
    public void WriteInto(string x, string z)
    {
        if (!InRegisters)
        {
            writer.Line(CallStoring("ref parameters", x, z));
            return;
        }
        writer.Line(Call("ref parameters", x));
        writer.Line($"ref float row = {z};");
        if (_layer.Stride == 1)
            writer.Line($"row = {(_units.Lanes == 1 ? "z0" : "BpSimd::Vector128.ToScalar((BpSimd::Vector128<float>)z0)")};");
        for (int v = 0; _layer.Stride > 1 && v < _layer.Stride / _units.Lanes; v++)
            writer.Line(_units.StoreLanes(v < output.Vectors ? $"z{v}" : _units.Zero, "row", v * _units.Lanes));
    }
}
