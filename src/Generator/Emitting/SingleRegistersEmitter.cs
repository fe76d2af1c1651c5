using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the kernels of a single sample for a network whose layers are a vector or two each: from the inputs to the update nothing
/// but parameters passes through memory. Where a layer's row is shorter than the widest vector, several rows of its weights make
/// up one: its lanes are then inputs × units.
/// </summary>
internal sealed class SingleRegistersEmitter(SourceWriter writer, KernelContext context, OutputEmitter output)
{
    private NetworkPlan Plan => context.Plan;

    private LayerPlan Last => Plan.Output;

    private string OutputLanes => context.Vector(Last).Wrapper;

    public void Write()
    {
        WriteWeightedInputs(derivatives: false);
        if (StoresDerivatives)
            WriteWeightedInputs(derivatives: true);

        writer.Line();
        writer.Line("/// <summary>One sample: its outputs.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.ForwardOne.Declare("internal static", scratch: false)))
        {
            writer.Line($"{MethodName(derivatives: false)}(ref parameters, ref x{Results(derivatives: false, "out _")});");
            output.WriteRegisters(OutputResult.Outputs, delta: null);
        }
        writer.Line();
        writer.Line("/// <summary>One sample: its loss, still to be divided.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.LossOne.Declare("internal static", scratch: false)))
        {
            writer.Line($"{MethodName(derivatives: false)}(ref parameters, ref x{Results(derivatives: false, "out _")});");
            WriteOutput(OutputResult.Loss);
        }
        WriteGradient();
    }

    private bool StoresDerivatives => Plan.Hidden.Any(layer => layer.StoresDerivative);

    private void WriteWeightedInputs(bool derivatives)
    {
        writer.Line();
        writer.Line($"/// <summary>One sample: the activations of the hidden layers{(derivatives ? " with their slopes φ′(z) where training needs z for them" : "")}, and the weighted inputs z{Last.Number} of the last.</summary>");
        writer.Line(context.Schedule.InlinesForwardOne ? Names.Inlined : Names.Kernel);
        using (writer.Block($"private static void {MethodName(derivatives)}(ref float parameters, ref float x{Results(derivatives, declaration: null)})"))
        {
            foreach (LayerPlan layer in Plan.Layers)
            {
                string input = layer.Number == 1 ? "x" : $"a{layer.Number - 1}";
                string product = $"{input}[{layer.Inputs}]·W{layer.Number}{(layer.Dense.Bias ? $" + b{layer.Number}" : "")}";
                writer.Line(layer.IsOutput
                    ? $"// Layer {layer.Number}: z{layer.Number}[{layer.Units}] = {product}."
                    : $"// Layer {layer.Number}: a{layer.Number}[{layer.Units}] = {Names.Formula(layer.Activation)}({product}).");
                WriteProduct(layer);
                VectorSyntax vector = context.Vector(layer);
                for (int v = 0; v < Vectors(layer) && !layer.IsOutput; v++)
                {
                    string sum = Name("sum", layer, v), a = Name("a", layer, v);
                    if (layer.Activation == Activation.Identity)
                        writer.Line($"var {a} = {sum};");
                    else if (derivatives && layer.StoresDerivative)
                        writer.Line($"var {a} = {vector.Call($"{layer.Activation}.Value", sum, $"out var {Name("slope", layer, v)}")};");
                    else
                        writer.Line($"var {a} = {vector.Call($"{layer.Activation}.Value", sum)};");
                }
            }
            WriteResults(derivatives);
        }
        if (derivatives != StoresDerivatives || context.Schedule.InlinesOne)
            return;
        writer.Line();
        writer.Line("/// <summary>The same, compiled apart from the step, which takes more.</summary>");
        writer.Line(Names.Kernel);
        writer.Line($"private static void {StepName}(ref float parameters, ref float x{Results(derivatives, declaration: null)}) =>");
        writer.Line($"    {MethodName(derivatives)}(ref parameters, ref x{Results(derivatives, "out", suffix: "Result")});");
    }

    // What the step calls for its forward pass.
    private string StepName => context.Schedule.InlinesOne ? MethodName(StoresDerivatives) : $"{MethodName(StoresDerivatives)}Apart";

    // At the end: what is read through an out parameter comes from memory.
    private void WriteResults(bool derivatives)
    {
        foreach (LayerPlan layer in Plan.Hidden)
        {
            for (int v = 0; v < Vectors(layer); v++)
            {
                writer.Line($"{Name("a", layer, v)}Result = {Name("a", layer, v)};");
                if (derivatives && layer.StoresDerivative)
                    writer.Line($"{Name("slope", layer, v)}Result = {Name("slope", layer, v)};");
            }
        }
        for (int v = 0; v < Vectors(Last); v++)
            writer.Line($"z{v} = {Name("sum", Last, v)};");
    }

    private static string MethodName(bool derivatives) => derivatives ? "WeightedInputsAndDerivativesOne" : "WeightedInputsOne";

    // The results of the forward pass: as parameters where nothing is given, else as arguments, the hidden layers' as given.
    private string Results(bool derivatives, string? declaration, string suffix = "")
    {
        var results = new List<string>();
        foreach (LayerPlan layer in Plan.Hidden)
        {
            for (int v = 0; v < Vectors(layer); v++)
            {
                Add(context.Vector(layer).Type, Name("a", layer, v));
                if (derivatives && layer.StoresDerivative)
                    Add(context.Vector(layer).Wrapper, Name("slope", layer, v));
            }
        }
        for (int v = 0; v < Vectors(Last); v++)
            results.Add(declaration == "out" ? $", out z{v}" : $", out {OutputLanes} z{v}");
        return string.Concat(results);

        void Add(string type, string name) => results.Add(declaration is null ? $", out {type} {name}Result" : declaration == "out _" ? ", out _" : $", {declaration} {name}{suffix}");
    }

    private int Vectors(LayerPlan layer) => layer.Layout.PaddedUnits / context.Vector(layer).Lanes;

    // A variable of a layer, or of one of its vectors where it has several.
    private string Name(string variable, LayerPlan layer, int v) => $"{variable}{layer.Number}{(Vectors(layer) == 1 ? "" : $"_{v}")}";

    // Some inputs, or one, in every lane that has a weight of theirs.
    private string SpreadInputs(LayerPlan layer, int group)
    {
        int rows = Rows(layer), lanes = context.Vector(layer).Lanes, first = group * rows;
        int[] rowOfLane = [.. Enumerable.Range(0, rows * lanes).Select(lane => lane / lanes)];
        if (layer.Number > 1)
        {
            LayerPlan below = Plan.Layers[layer.Number - 2];
            int length = context.Vector(below).Lanes;
            return RegisterSyntax.Rearrange(Name("a", below, first / length), length, [.. rowOfLane.Select(row => first % length + row)]);
        }
        return rows switch
        {
            4 => RegisterSyntax.Rearrange(context.Vector(4).Load("x", first), 4, rowOfLane),
            _ => RegisterSyntax.Join([.. Enumerable.Range(first, rows).Select(i => context.Vector(lanes).Broadcast(VectorSyntax.Element("x", i)))], lanes),
        };
    }

    private int Rows(LayerPlan layer) => context.Schedule.Layers[layer.Number - 1].RowsInVector;

    // The vectors of a layer's weights: as long as its rows, or several of them.
    private VectorSyntax Wide(LayerPlan layer) => context.Vector(context.Vector(layer).Lanes * Rows(layer));

    private int Groups(LayerPlan layer) => layer.Inputs / Rows(layer);

    // z = W·x + b.
    private void WriteProduct(LayerPlan layer)
    {
        VectorSyntax wide = Wide(layer), vector = context.Vector(layer);
        int groups = Groups(layer), vectors = Vectors(layer), splits = TilePlanner.UnrolledSplits(vectors, groups);
        string w = $"w{layer.Number}";
        string Sum(int v) => Name("sum", layer, v) + (Rows(layer) == 1 ? "" : "Rows");
        string Partial(int v, int split) => split == 0 ? Sum(v) : $"{Sum(v)}_{split}";
        string Bias(int v) => vector.Load(w, layer.Inputs * layer.Layout.PaddedUnits + v * vector.Lanes);
        writer.Line($"ref float {w} = {VectorSyntax.At("parameters", $"{layer.Offset}")};");
        for (int group = 0; group < groups; group++)
        {
            string input = SpreadInputs(layer, group);
            if (vectors > 1)
            {
                writer.Line($"var x{layer.Number}_{group} = {input};");
                input = $"x{layer.Number}_{group}";
            }
            for (int v = 0; v < vectors; v++)
            {
                string weights = wide.Load(w, (group * vectors + v) * wide.Lanes), partial = Partial(v, group % splits);
                writer.Line(
                    group >= splits ? $"{partial} = {wide.MultiplyAddOfMany(input, weights, partial)};"
                    : group == 0 && layer.Dense.Bias && Rows(layer) == 1 ? $"{wide.Type} {partial} = {wide.MultiplyAddOfMany(input, weights, Bias(v))};"
                    : $"{wide.Type} {partial} = {input} * {weights};");
            }
        }
        for (int count = splits; count > 1; count = (count + 1) / 2)
        {
            for (int split = 0; split < count / 2; split++)
            {
                for (int v = 0; v < vectors; v++)
                    writer.Line($"{Partial(v, split)} += {Partial(v, split + (count + 1) / 2)};");
            }
        }
        if (Rows(layer) == 1)
            return;
        string sum = Sum(0), z = Name("sum", layer, 0);
        for (int lanes = wide.Lanes / 2; lanes >= vector.Lanes; lanes /= 2)
        {
            string half = lanes == vector.Lanes ? z : $"{z}Rows{lanes / vector.Lanes}";
            writer.Line($"var {half} = {RegisterSyntax.Part(sum, 2 * lanes, lanes, 0)} + {RegisterSyntax.Part(sum, 2 * lanes, lanes, lanes)};");
            sum = half;
        }
        if (layer.Dense.Bias)
            writer.Line($"{z} += {Bias(0)};");
    }

    private void WriteOutput(OutputResult result)
    {
        writer.Line($"{OutputLanes} loss = {OutputLanes}.Create(0f);");
        output.WriteRegisters(result, delta: null);
        if (result == OutputResult.Loss)
            writer.Line($"return {OutputLanes}.SumAcross(loss);");
    }

    private void WriteGradient()
    {
        writer.Line();
        writer.Line("/// <summary>One sample: its loss, still to be divided, its gradient into the sink, and that by the inputs where dx is not null.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.GradientOne.Declare("internal static", scratch: false)))
        {
            writer.Line($"{StepName}(ref parameters, ref x{Results(StoresDerivatives, "out var")});");
            WriteOutput(OutputResult.Delta);
            for (int v = 0; v < Vectors(Last); v++)
                writer.Line($"{context.Vector(Last).Type} {Name("d", Last, v)} = delta{v};");
            foreach (LayerPlan layer in Plan.Layers.Reverse())
            {
                WriteSpreadDelta(layer);
                if (layer.Number > 1)
                    WriteDeltaBelow(layer, Plan.Layers[layer.Number - 2]);
                else
                {
                    using (writer.Block("if (!BpMem::Unsafe.IsNullRef(ref dx))"))
                    {
                        string type = context.Vector(layer.Layout.PaddedUnits).Type;
                        writer.Line($"{type} stored = {RegisterSyntax.Join([.. Enumerable.Range(0, Vectors(layer)).Select(v => Name("d", layer, v))], context.Vector(layer).Lanes)};");
                        writer.Line($"InputGradientOne(ref parameters, ref BpMem::Unsafe.As<{type}, float>(ref stored), ref dx);");
                    }
                }
                WriteWeightGradient(layer);
            }
            writer.Line($"return {OutputLanes}.SumAcross(loss);");
        }
    }

    // δ once for each of the rows that share a vector.
    private void WriteSpreadDelta(LayerPlan layer)
    {
        int lanes = context.Vector(layer).Lanes;
        if (Rows(layer) > 1)
            writer.Line($"var {SpreadDelta(layer, 0)} = {RegisterSyntax.Rearrange($"d{layer.Number}", lanes, [.. Enumerable.Range(0, Rows(layer) * lanes).Select(lane => lane % lanes)])};");
    }

    private string SpreadDelta(LayerPlan layer, int v) => Rows(layer) > 1 ? $"d{layer.Number}Rows" : Name("d", layer, v);

    // δ below = W·δ ∘ φ′.
    private void WriteDeltaBelow(LayerPlan layer, LayerPlan below)
    {
        VectorSyntax wide = Wide(layer);
        int number = below.Number, vectors = Vectors(layer);
        string derivative = below.Activation == Activation.Identity ? ""
            : below.StoresDerivative ? $" ∘ φ′(z{number})"
            : $" ∘ {Names.Formula(below.Activation)}′(a{number})";
        writer.Line($"// δ{number}[{below.Units}] = W{layer.Number}[{layer.Inputs},{layer.Units}]·δ{layer.Number}{derivative}.");
        writer.Line($"ref float w{layer.Number} = {VectorSyntax.At("parameters", $"{layer.Offset}")};");
        for (int group = 0; group < Groups(layer); group++)
        {
            string Weights(int v) => wide.Load($"w{layer.Number}", (group * vectors + v) * wide.Lanes);
            string product = layer.Units == 1 ? Weights(0) : $"{Weights(0)} * {SpreadDelta(layer, 0)}";
            for (int v = 1; v < vectors; v++)
                product = wide.MultiplyAddOfMany(Weights(v), SpreadDelta(layer, v), product);
            writer.Line($"var p{layer.Number}_{group} = {product};");
        }
        for (int v = 0; v < Vectors(below); v++)
            WriteDeltaVector(layer, below, v);
    }

    // A vector of δ below: the products of as many vectors of weights as a row has lanes are summed together.
    private void WriteDeltaVector(LayerPlan layer, LayerPlan below, int v)
    {
        VectorSyntax wide = Wide(layer), vector = context.Vector(layer), result = context.Vector(below);
        int rows = Rows(layer), begin = v * result.Lanes / rows, groups = Math.Min(Groups(layer) - begin, result.Lanes / rows);
        var sums = new List<string>();
        int length = Math.Max(wide.Lanes, result.Lanes);
        for (int first = 0; first < length / rows; first += vector.Lanes)
        {
            if (first >= groups)
            {
                sums.Add(wide.Zero);
                continue;
            }
            string terms = string.Join(", ", Enumerable.Range(first, vector.Lanes).Select(group => group < groups ? $"p{layer.Number}_{begin + group}" : wide.Zero));
            // With several rows in a vector, sum r of row q is that of input r · rows + q.
            sums.Add(rows == 1
                ? $"BpMath::Transposition.SumEach({terms})"
                : RegisterSyntax.Rearrange($"BpMath::Transposition.SumFours({terms})", wide.Lanes, [.. Enumerable.Range(0, wide.Lanes).Select(input => input % rows * vector.Lanes + input / rows)]));
        }
        string all = RegisterSyntax.Part(RegisterSyntax.Join(sums, wide.Lanes), length, result.Lanes, 0), delta = Name("d", below, v);
        string factor = below.StoresDerivative ? $" * ({result.Type}){Name("slope", below, v)}"
            : below.Activation == Activation.Identity ? ""
            : $" * {result.Call($"{below.Activation}.DerivativeFromOutput", Name("a", below, v))}";
        // The δ of a single unit is a factor of all sums: it comes last, and the rest does not wait for it.
        string single = layer.Units == 1 ? $" * {RegisterSyntax.Rearrange($"d{layer.Number}", vector.Lanes, new int[result.Lanes])}" : "";
        writer.Line($"{result.Type} {delta} = {all}{factor}{single};");
        if (below.Units < (v + 1) * result.Lanes)
            writer.Line($"{delta} = {result.Wrapper}.KeepFirst({delta}, {below.Units - v * result.Lanes});");
    }

    // ∂C/∂W = a·δᵀ, ∂C/∂b = δ.
    private void WriteWeightGradient(LayerPlan layer)
    {
        VectorSyntax wide = Wide(layer), vector = context.Vector(layer);
        int vectors = Vectors(layer);
        string block = $"block{layer.Number}";
        string input = layer.Number == 1 ? "x" : $"a{layer.Number - 1}";
        writer.Line($"// ∂C/∂W{layer.Number} = {input}·δ{layer.Number}ᵀ{(layer.Dense.Bias ? $", ∂C/∂b{layer.Number} = δ{layer.Number}" : "")}.");
        writer.Line($"ref float {block} = {VectorSyntax.At("target", $"{layer.Offset}")};");
        for (int group = 0; group < Groups(layer); group++)
        {
            for (int v = 0; v < vectors; v++)
                writer.Line($"sink.Accept<{wide.Wrapper}>(ref {block}, {(group * vectors + v) * wide.Lanes}, {SpreadInputs(layer, group)} * {SpreadDelta(layer, v)});");
        }
        for (int v = 0; layer.Dense.Bias && v < vectors; v++)
            writer.Line($"sink.Accept<{vector.Wrapper}>(ref {block}, {layer.Inputs * layer.Layout.PaddedUnits + v * vector.Lanes}, {Name("d", layer, v)});");
        writer.Line($"sink.Complete(ref {block}, {layer.Offset}, {layer.Layout.Rows * layer.Layout.PaddedUnits});");
    }
}
