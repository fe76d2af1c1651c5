using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the kernels of a single sample for a network whose layers are a vector or two each: from the inputs to the update nothing
/// but parameters passes through memory. Where a layer's row is shorter than the widest vector, several rows of its weights make
/// up one: its lanes are then inputs × units.
/// </summary>
internal sealed class SingleRegistersEmitter(SourceWriter writer, KernelContext context, OutputRegistersEmitter output)
{
    private readonly RegisterLayers _layers = new(context);
    private readonly SharedRowsEmitter _rows = new(writer, context);
    private readonly RegistersDeltaEmitter _delta = new(writer, context);

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
            output.Write(OutputResult.Outputs);
        }
        writer.Line();
        writer.Line("/// <summary>One sample: its loss, still to be divided.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.LossOne.Declare("internal static", scratch: false)))
        {
            writer.Line($"{MethodName(derivatives: false)}(ref parameters, ref x{Results(derivatives: false, "out _")});");
            output.Write(OutputResult.Loss);
            output.WriteLoss();
        }
        WriteGradient();
    }

    private bool HasHidden => Plan.Layers.Count > 1;

    private bool StoresDerivatives => Plan.Hidden.Any(layer => layer.StoresDerivative);

    private void WriteWeightedInputs(bool derivatives)
    {
        writer.Line();
        writer.Line($"/// <summary>One sample: the activations of the hidden layers{(derivatives ? " with their slopes φ′(z) where training needs z for them" : "")}, and the weighted inputs z{Last.Number} of the last.</summary>");
        writer.Line(context.Schedule.One.InlinesForward ? Names.Inlined : Names.Kernel);
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
                for (int v = 0; v < _layers.Vectors(layer) && !layer.IsOutput; v++)
                {
                    string a = _layers.Name("a", layer, v);
                    string[] arguments = derivatives && layer.StoresDerivative ? [a, $"out var {_layers.Name("slope", layer, v)}"] : [a];
                    if (layer.Activation != Activation.Identity)
                        writer.Line($"{a} = {vector.Call($"{layer.Activation}.Value", arguments)};");
                }
            }
            WriteResults(derivatives);
        }
        if (derivatives != StoresDerivatives || context.Schedule.One.InlinesStep)
            return;
        writer.Line();
        writer.Line("/// <summary>The same, compiled apart from the step, which takes more.</summary>");
        writer.Line(Names.Kernel);
        writer.Line($"private static void {StepName}(ref float parameters, ref float x{Results(derivatives, declaration: null)}) =>");
        writer.Line($"    {MethodName(derivatives)}(ref parameters, ref x{Results(derivatives, "out", suffix: "Result")});");
    }

    // What the step calls for its forward pass.
    private string StepName => context.Schedule.One.InlinesStep ? MethodName(StoresDerivatives) : $"{MethodName(StoresDerivatives)}Apart";

    // At the end: what is read through an out parameter comes from memory.
    private void WriteResults(bool derivatives)
    {
        foreach (LayerPlan layer in Plan.Hidden)
        {
            for (int v = 0; v < _layers.Vectors(layer); v++)
            {
                writer.Line($"{_layers.Name("a", layer, v)}Result = {_layers.Name("a", layer, v)};");
                if (derivatives && layer.StoresDerivative)
                    writer.Line($"{_layers.Name("slope", layer, v)}Result = {_layers.Name("slope", layer, v)};");
            }
        }
        for (int v = 0; v < _layers.Vectors(Last); v++)
            writer.Line($"z{v} = {_layers.Name("sum", Last, v)};");
    }

    private static string MethodName(bool derivatives) => derivatives ? "WeightedInputsAndDerivativesOne" : "WeightedInputsOne";

    // The results of the forward pass: as parameters where nothing is given, else as arguments, the hidden layers' as given.
    private string Results(bool derivatives, string? declaration, string suffix = "")
    {
        var results = new List<string>();
        foreach (LayerPlan layer in Plan.Hidden)
        {
            for (int v = 0; v < _layers.Vectors(layer); v++)
            {
                Add(context.Vector(layer).Type, _layers.Name("a", layer, v));
                if (derivatives && layer.StoresDerivative)
                    Add(context.Vector(layer).Wrapper, _layers.Name("slope", layer, v));
            }
        }
        for (int v = 0; v < _layers.Vectors(Last); v++)
            results.Add(declaration == "out" ? $", out z{v}" : $", out {OutputLanes} z{v}");
        return string.Concat(results);

        void Add(string type, string name) => results.Add(declaration is null ? $", out {type} {name}Result" : declaration == "out _" ? ", out _" : $", {declaration} {name}{suffix}");
    }

    // Some inputs, or one, in every lane that has a weight of theirs.
    private string SpreadInputs(LayerPlan layer, int group, string of = "a")
    {
        int first = group * _layers.Rows(layer);
        if (layer.Number == 1)
            return _rows.SpreadFromMemory(layer, "x", first);
        LayerPlan below = Plan.Layers[layer.Number - 2];
        int lanes = context.Vector(below).Lanes;
        return _rows.Spread(layer, _layers.Name(of, below, first / lanes), lanes, first % lanes);
    }

    // z = W·x + b; of a hidden layer in the variables of its activations, where φ is applied in place.
    private void WriteProduct(LayerPlan layer)
    {
        string Sum(int v) => _layers.Name(layer.IsOutput ? "sum" : "a", layer, v);

        string w = $"w{layer.Number}";
        writer.Line($"ref float {w} = {VectorSyntax.At("parameters", $"{layer.Offset}")};");
        if (_layers.Rows(layer) > 1)
        {
            _rows.WriteProduct(layer, w, group => SpreadInputs(layer, group), Sum(0));
            return;
        }
        VectorSyntax vector = context.Vector(layer);
        int vectors = _layers.Vectors(layer), splits = TilePlanner.UnrolledSplits(vectors, layer.Inputs);
        string Partial(int v, int split) => split == 0 ? Sum(v) : $"{Sum(v)}_{split}";
        for (int i = 0; i < layer.Inputs; i++)
        {
            string input = SpreadInputs(layer, i);
            if (vectors > 1)
            {
                writer.Line($"var x{layer.Number}_{i} = {input};");
                input = $"x{layer.Number}_{i}";
            }
            for (int v = 0; v < vectors; v++)
            {
                string weights = vector.Load(w, (i * vectors + v) * vector.Lanes), partial = Partial(v, i % splits);
                writer.Line(
                    i >= splits ? $"{partial} = {vector.MultiplyAddOfMany(input, weights, partial)};"
                    : i == 0 && layer.Dense.Bias ? $"{vector.Type} {partial} = {vector.MultiplyAddOfMany(input, weights, vector.Load(w, (layer.Inputs * vectors + v) * vector.Lanes))};"
                    : $"{vector.Type} {partial} = {input} * {weights};");
            }
        }
        PartialSums.Write(writer, splits, split => Enumerable.Range(0, vectors).Select(v => Partial(v, split)));
    }

    private void WriteGradient()
    {
        writer.Line();
        writer.Line("/// <summary>One sample: its loss, still to be divided, its gradient into the sink, and that by the inputs where dx is not null.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.GradientOne.Declare("internal static", scratch: false)))
        {
            writer.Line($"{StepName}(ref parameters, ref x{Results(StoresDerivatives, "out var")});");
            output.Write(OutputResult.Delta, apart: HasHidden);
            for (int v = 0; v < _layers.Vectors(Last); v++)
                writer.Line($"{context.Vector(Last).Type} {_layers.Name("d", Last, v)} = delta{v};");
            foreach (LayerPlan layer in Plan.Layers.Reverse())
            {
                WriteSpreadDelta(layer);
                if (layer.Number > 1)
                {
                    LayerPlan below = Plan.Layers[layer.Number - 2];
                    if (layer.IsOutput)
                        output.WriteFactors(context.Vector(below));
                    _delta.Write(layer, below, layer.IsOutput ? "factors" : "", output.FactorIsLate);
                }
                else
                {
                    using (writer.Block("if (!BpMem::Unsafe.IsNullRef(ref dx))"))
                    {
                        string type = context.Vector(layer.Layout.PaddedUnits).Type;
                        writer.Line($"{type} stored = {RegisterSyntax.Join([.. Enumerable.Range(0, _layers.Vectors(layer)).Select(v => _layers.Name("d", layer, v))], context.Vector(layer).Lanes)};");
                        writer.Line($"InputGradientOne(ref parameters, ref BpMem::Unsafe.As<{type}, float>(ref stored), ref dx);");
                    }
                }
                WriteWeightGradient(layer);
            }
            output.WriteLoss();
        }
    }

    // δ once for each of the rows that share a vector.
    private void WriteSpreadDelta(LayerPlan layer)
    {
        if (_layers.Rows(layer) > 1)
            writer.Line($"var {_layers.SpreadDelta(layer, 0)} = {_rows.SpreadDelta(layer, $"d{layer.Number}")};");
    }

    // ∂C/∂W = a·δᵀ, ∂C/∂b = δ. δ of the output layer is still to be multiplied by a number.
    private void WriteWeightGradient(LayerPlan layer)
    {
        bool apart = layer.IsOutput && HasHidden;
        VectorSyntax wide = _layers.Wide(layer), vector = context.Vector(layer);
        int vectors = _layers.Vectors(layer);
        string block = $"block{layer.Number}";
        string input = layer.Number == 1 ? "x" : $"a{layer.Number - 1}";
        writer.Line($"// ∂C/∂W{layer.Number} = {input}·δ{layer.Number}ᵀ{(layer.Dense.Bias ? $", ∂C/∂b{layer.Number} = δ{layer.Number}" : "")}.");
        writer.Line($"ref float {block} = {VectorSyntax.At("target", $"{layer.Offset}")};");
        if (apart)
        {
            LayerPlan below = Plan.Layers[layer.Number - 2];
            for (int v = 0; v < _layers.Vectors(below); v++)
                writer.Line($"var {_layers.Name("scaled", below, v)} = {_layers.Name("a", below, v)} * factors;");
        }
        for (int group = 0; group < _layers.Groups(layer); group++)
        {
            for (int v = 0; v < vectors; v++)
                writer.Line($"sink.AcceptScaled<{wide.Wrapper}>(ref {block}, {(group * vectors + v) * wide.Lanes}, {SpreadInputs(layer, group, apart ? "scaled" : "a")} * {_layers.SpreadDelta(layer, v)});");
        }
        for (int v = 0; layer.Dense.Bias && v < vectors; v++)
            writer.Line($"sink.AcceptScaled<{vector.Wrapper}>(ref {block}, {layer.Inputs * layer.Layout.PaddedUnits + v * vector.Lanes}, {_layers.Name("d", layer, v)}{(apart ? $" * ({vector.Type})factor" : "")});");
        writer.Line($"sink.Complete(ref {block}, {layer.Offset}, {layer.Layout.Rows * layer.Layout.PaddedUnits});");
    }
}
