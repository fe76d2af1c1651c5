using Backprop.Generator.Model;
using Backprop.Generator.Planning;
using static Backprop.Generator.Emitting.WrittenOutProductEmitter;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the forward pass of a single sample: products small enough as straight lines of multiply-adds, larger ones as
/// calls of the one-row tiles, or of methods that hold the straight lines in parts; then the outputs or the loss, from
/// registers where a row fits them.
/// </summary>
internal sealed class SingleForwardEmitter(SourceWriter writer, KernelContext context, ForwardEmitter forward, OutputRegistersEmitter output, DotRowEmitter? row)
{
    private readonly WrittenOutProductEmitter _products = new(writer, context);

    private LayerPlan Last => context.Plan.Output;

    /// <summary>Writes the methods of inference: outputs and loss.</summary>
    public void Write()
    {
        WriteWeightedInputs(training: false);
        if (StoresDerivatives)
            WriteWeightedInputs(training: true);
        foreach (LayerPlan layer in context.Plan.Layers)
            WriteParts(layer);
        row?.Write();

        writer.Line();
        writer.Line("/// <summary>One sample: its outputs.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.ForwardOne.Declare("internal static", scratch: !InVariables)))
        {
            if (RowInRegisters)
            {
                WriteUpToOutput("", training: false);
                output.Write(OutputResult.Outputs, delta: "");
            }
            else if (Last.ProducesOutputs)
                WriteUpToOutput("y", training: false);
            else
            {
                WriteUpToOutput(WriteZ(context.Plan.Kernels.ForwardOne), training: false);
                writer.Line("Outputs(ref z, ref y, 1);");
            }
        }
        writer.Line();
        writer.Line("/// <summary>One sample: its loss, still to be divided.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.LossOne.Declare("internal static", scratch: !InVariables)))
        {
            if (RowInRegisters)
            {
                WriteUpToOutput("", training: false);
                output.Write(OutputResult.Loss, delta: "");
                output.WriteLoss();
            }
            else
            {
                WriteUpToOutput(WriteZ(context.Plan.Kernels.ForwardOne), training: false);
                writer.Line("return OutputLoss(ref z, ref t, 1);");
            }
        }
    }

    /// <summary>Whether a row of z stays in registers: as the lanes <c>z0</c>, <c>z1</c>, …; otherwise it is in its buffer.</summary>
    public bool RowInRegisters => context.Schedule.Layers[Last.Number - 1].UnrollsActivation;

    private string Lanes => context.Vector(Last).Wrapper;

    private bool InVariables => context.Schedule.One.ForwardInVariables;

    private bool StoresDerivatives => context.Plan.Hidden.Any(layer => layer.StoresDerivative);

    /// <summary>Writes the place of z in the scratch.</summary>
    /// <param name="scratch">The scratch.</param>
    /// <returns>Its name.</returns>
    public string WriteZ(ScratchPlan scratch)
    {
        writer.Line($"ref float z = {VectorSyntax.At("scratch", $"{scratch["z"].Offset}")};");
        return "z";
    }

    /// <summary>Writes the call that computes everything up to z of the output layer.</summary>
    /// <param name="z">The reference to where z goes, unless it stays in registers.</param>
    /// <param name="training">Whether φ′ of the hidden layers is computed too, where it takes z.</param>
    public void WriteUpToOutput(string z, bool training)
    {
        string results = RowInRegisters ? string.Concat(Enumerable.Range(0, output.Vectors).Select(v => $", out {Lanes} z{v}")) : $", ref {z}";
        string scratch = !TakesScratch(training && StoresDerivatives) ? "" : training || !InVariables ? ", ref scratch" : ", ref BpMem::Unsafe.NullRef<float>()";
        string handedOn = HandsOn(training && StoresDerivatives) ? string.Concat(HandedOn(training).Select(value => training ? $", out var {value.Name}" : ", out _")) : "";
        writer.Line($"{MethodName(training)}(ref parameters, ref x{scratch}{handedOn}{results});");
    }

    private string MethodName(bool training) => training && StoresDerivatives ? "WeightedInputsAndDerivativesOne" : "WeightedInputsOne";

    // In variables, only to store activations for training.
    private bool TakesScratch(bool derivatives) => !InVariables || (context.Plan.Hidden.Any() && derivatives == StoresDerivatives && !context.Schedule.One.StepInVariables);

    // Whether a method gives the activations, which a step takes from variables.
    private bool HandsOn(bool derivatives) => context.Schedule.One.StepInVariables && context.Plan.Hidden.Any() && derivatives == StoresDerivatives;

    // What it gives: of each vector of the hidden layer the activations, and φ′ where it comes with them.
    private IEnumerable<(string Type, string Name)> HandedOn(bool training)
    {
        LayerPlan layer = context.Plan.Layers[0];
        VectorSyntax vector = context.Vector(layer);
        for (int v = 0; v < layer.Layout.PaddedUnits / vector.Lanes; v++)
        {
            yield return (vector.Type, Activations(layer, v));
            if (training && layer.StoresDerivative)
                yield return (vector.Wrapper, Slope(layer, v));
        }
    }

    // Inlined into inference and training where the budget allows it, so that z goes from one to the other in registers.
    private void WriteWeightedInputs(bool training)
    {
        ScratchPlan scratch = training ? context.Plan.Kernels.GradientOne : context.Plan.Kernels.ForwardOne;
        VectorSyntax vector = context.Vector(Last);
        string results = RowInRegisters ? string.Concat(Enumerable.Range(0, output.Vectors).Select(v => $", out {Lanes} z{v}")) : ", ref float z";
        bool asked = InVariables && TakesScratch(training) && !training;
        writer.Line();
        writer.Line($"/// <summary>One sample: all layers up to the weighted inputs z{Last.Number} of the last{(training ? ", with φ′(z) of the hidden layers where training needs z for it" : asked ? "; stores the activations where scratch is not null" : "")}.</summary>");
        writer.Line(context.Schedule.One.InlinesForward ? Names.Inlined : Names.Kernel);
        string handedOn = HandsOn(training) ? string.Concat(HandedOn(training).Select(value => $", out {value.Type} {value.Name}Result")) : "";
        using (writer.Block($"private static void {MethodName(training)}(ref float parameters, ref float x{(TakesScratch(training) ? ", ref float scratch" : "")}{handedOn}{results})"))
        {
            string input = "x";
            foreach (LayerPlan layer in context.Plan.Hidden)
            {
                WriteHidden(layer, input, scratch, training);
                input = $"a{layer.Number}";
            }
            writer.Line($"// Layer {Last.Number}: z{Last.Number}[{Last.Units}] = {input}[{Last.Inputs}]·W{Last.Number}{(Last.Dense.Bias ? $" + b{Last.Number}" : "")}.");
            if (row is not null)
            {
                WriteRow(row, input);
                // At the end: what is read through an out parameter comes from memory.
                foreach ((_, string name) in HandsOn(training) ? HandedOn(training) : [])
                    writer.Line($"{name}Result = {name};");
                return;
            }
            if (context.Schedule.Layers[Last.Number - 1].UnrollsOne)
            {
                _products.WriteWhole(Last, input, output.Vectors);
                for (int v = 0; v < output.Vectors; v++)
                    writer.Line($"z{v} = {_products.Sum(Last, v)};");
                return;
            }
            if (RowInRegisters)
                WriteZ(scratch);
            WriteCalls(Last, input, "z");
            for (int v = 0; RowInRegisters && v < output.Vectors; v++)
                writer.Line($"z{v} = {vector.Load("z", v * vector.Lanes)};");
        }
    }

    private void WriteRow(DotRowEmitter row, string input)
    {
        if (context.Schedule.Layers[Last.Number - 1].TakesVectors)
        {
            LayerPlan below = context.Plan.Layers[Last.Number - 2];
            row.WriteInPlace(v => Activations(below, v));
            return;
        }
        string parameters = VectorSyntax.At("parameters", $"{Last.Offset}"), x = $"ref {input}";
        writer.Line(RowInRegisters ? row.Call(parameters, x, declares: false) : row.CallStoring(parameters, x, "ref z"));
    }

    private void WriteHidden(LayerPlan layer, string input, ScratchPlan scratch, bool training)
    {
        string a = $"a{layer.Number}";
        bool derivative = training && layer.StoresDerivative;
        writer.Line($"// Layer {layer.Number}: {a}[{layer.Units}] = {Names.Formula(layer.Activation)}({input}[{layer.Inputs}]·W{layer.Number}{(layer.Dense.Bias ? $" + b{layer.Number}" : "")}).");
        if (!InVariables)
            WritePlaces();
        LayerSchedule schedule = context.Schedule.Layers[layer.Number - 1];
        bool applies = schedule.AppliesAtOnce(layer), activates = !applies && !layer.FusesActivation;
        if (activates)
            context.WriteZeroesBehind(writer, a, layer.Layout.PaddedUnits);
        if (schedule.UnrollsOne)
            WriteUnrolledHidden(layer, input, a, applies, derivative);
        else if (schedule.LoopsOne)
            WriteLooped(layer, input);
        else
            WriteCalls(layer, input, a);
        if (activates)
        {
            writer.Line(derivative
                ? $"ActivateAndDifferentiate{layer.Activation}(ref {a}, ref delta{layer.Number}, {layer.Layout.PaddedUnits});"
                : $"Activate{layer.Activation}(ref {a}, {layer.Layout.PaddedUnits});");
        }
        // What the layer above takes from variables is stored for training: in variables throughout only by a method of training's own, or where it is asked for.
        if (_products.StaysInVariables(layer) && TakesScratch(training))
        {
            using (InVariables && !training ? writer.Block("if (!BpMem::Unsafe.IsNullRef(ref scratch))") : InVariables ? writer.Block() : (SourceWriter.Scope?)null)
            {
                if (InVariables)
                    WritePlaces();
                WriteStores(layer, a, derivative);
            }
        }

        void WritePlaces()
        {
            writer.Line($"ref float {a} = {VectorSyntax.At("scratch", $"{scratch[a].Offset}")};");
            if (derivative)
                writer.Line($"ref float delta{layer.Number} = {VectorSyntax.At("scratch", $"{scratch[$"delta{layer.Number}"].Offset}")};");
        }
    }

    // Activations, and φ′ where it comes with them, from their variables.
    private void WriteStores(LayerPlan layer, string a, bool derivative)
    {
        VectorSyntax vector = context.Vector(layer);
        for (int v = 0; v < layer.Layout.PaddedUnits / vector.Lanes; v++)
        {
            writer.Line(vector.Store(Activations(layer, v), a, v * vector.Lanes));
            if (derivative)
                writer.Line(vector.StoreLanes(Slope(layer, v), $"delta{layer.Number}", v * vector.Lanes));
        }
    }

    private void WriteCalls(LayerPlan layer, string input, string result)
    {
        if (context.Schedule.Layers[layer.Number - 1].TilesOne)
            forward.WriteOne(layer, input, result);
        else
            writer.Line($"{PartsName(layer)}({VectorSyntax.At("parameters", $"{layer.Offset}")}, ref {input}, ref {result});");
    }

    private string PartsName(LayerPlan layer) => context.SharedName(
        $"ForwardOneLayer{layer.Number}", ("forward one", layer.Layout, ForwardEmitter.Applies(layer) ? layer.Activation : Activation.Identity));

    // The method of a product that is written out outside the forward pass's method, and those of its parts where it has several.
    private void WriteParts(LayerPlan layer)
    {
        EquatableArray<ProductPart> parts = context.Schedule.Layers[layer.Number - 1].Parts;
        if (parts.Count == 0 || !context.Begin(PartsName(layer)))
            return;
        if (parts.Count == 1)
        {
            WritePart(layer, parts[0], PartsName(layer));
            return;
        }
        writer.Line();
        writer.Line($"/// <summary>One sample: z = W{layer.Number}·x{(layer.Dense.Bias ? $" + b{layer.Number}" : "")}{(ForwardEmitter.Applies(layer) ? $", and {Names.Formula(layer.Activation)} in place" : "")}, part by part.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {PartsName(layer)}(ref float w, ref float x, ref float z)"))
        {
            for (int part = 1; part <= parts.Count; part++)
                writer.Line($"{PartsName(layer)}Part{part}(ref w, ref x, ref z);");
        }
        for (int part = 1; part <= parts.Count; part++)
            WritePart(layer, parts[part - 1], $"{PartsName(layer)}Part{part}");
    }

    private void WritePart(LayerPlan layer, ProductPart part, string name)
    {
        VectorSyntax vector = context.Vector(layer);
        bool applies = ForwardEmitter.Applies(layer) && part.FirstInput + part.Inputs == layer.Inputs;
        writer.Line();
        writer.Line($"// Layer {layer.Number}: inputs {part.FirstInput} to {part.FirstInput + part.Inputs - 1}, units {part.FirstVector * vector.Lanes} to {(part.FirstVector + part.Vectors) * vector.Lanes - 1}.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}(ref float w, ref float x, ref float z)"))
        {
            _products.WritePart(layer, part, "w", "x");
            for (int v = part.FirstVector; v < part.FirstVector + part.Vectors; v++)
            {
                string sum = _products.Sum(layer, v);
                writer.Line(applies
                    ? vector.StoreLanes(vector.Function($"{layer.Activation}.Value", sum), "z", v * vector.Lanes)
                    : vector.Store(sum, "z", v * vector.Lanes));
            }
        }
    }

    // In place for a layer above that takes them from variables, else stored.
    private void WriteUnrolledHidden(LayerPlan layer, string input, string a, bool applies, bool derivative)
    {
        VectorSyntax vector = context.Vector(layer);
        int vectors = layer.Layout.PaddedUnits / vector.Lanes;
        _products.WriteWhole(layer, input, vectors);
        for (int v = 0; v < vectors; v++)
        {
            string z = _products.Sum(layer, v);
            int offset = v * vector.Lanes;
            bool activates = applies && layer.Activation != Activation.Identity;
            string value = activates ? vector.Function($"{layer.Activation}.Value", derivative ? [z, $"out var {Slope(layer, v)}"] : [z]) : z;
            if (_products.StaysInVariables(layer))
            {
                if (activates)
                    writer.Line($"{z} = {value};");
                continue;
            }
            writer.Line(activates ? vector.StoreLanes(value, a, offset) : vector.Store(value, a, offset));
            if (activates && derivative)
                writer.Line(vector.StoreLanes(Slope(layer, v), $"delta{layer.Number}", offset));
        }
    }

    // a = φ(W·x + b) in a loop, left in variables.
    private void WriteLooped(LayerPlan layer, string input)
    {
        VectorSyntax vector = context.Vector(layer);
        int[] vectors = [.. Enumerable.Range(0, layer.Layout.PaddedUnits / vector.Lanes)];
        writer.Line($"{vector.Type} {string.Join(", ", vectors.Select(v => Activations(layer, v)))};");
        using (writer.Block())
        {
            writer.Line($"ref float xk = ref {input};");
            writer.Line($"ref float wk = {VectorSyntax.At("parameters", $"{layer.Offset}")};");
            bool spreads = context.Schedule.Layers[layer.Number - 1].SpreadsInputs;
            int splits = TilePlanner.Splits(vectors.Length, layer.Inputs, leavesRest: !spreads);
            var product = new TileProduct(
                Rows: 1, vectors.Length, splits, new TileOperand("xk", Step: 1), new TileOperand("wk", Step: layer.Layout.PaddedUnits), $"{layer.Inputs}", spreads)
            {
                HasRest = layer.Inputs % splits != 0,
            };
            TileEmitter.Write(writer, vector, product, layer.Dense.Bias ? (_, c) => vector.Load("wk", WeightOffset(layer, vector.Lanes, layer.Inputs, c)) : null);
            foreach (int v in vectors)
            {
                string z = TileEmitter.Accumulator(0, v);
                writer.Line($"{Activations(layer, v)} = {(layer.Activation == Activation.Identity ? z : vector.Function($"{layer.Activation}.Value", z))};");
            }
        }
    }

    /// <summary>The variable of a vector of φ′.</summary>
    public static string Slope(LayerPlan layer, int v) => $"slope{layer.Number}_{v}";
}
