using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the forward pass of a single sample: products small enough as straight lines of multiply-adds, larger ones as
/// calls of the one-row tiles; then the outputs or the loss, from registers where a row fits them.
/// </summary>
internal sealed class SingleForwardEmitter(SourceWriter writer, KernelContext context, ForwardEmitter forward, OutputEmitter output)
{
    private LayerPlan Last => context.Plan.Output;

    /// <summary>Writes the methods of inference: outputs and loss.</summary>
    public void Write()
    {
        if (context.Plan.Layers.Count > 1)
        {
            WriteHidden(training: false);
            if (context.Plan.Hidden.Any(layer => layer.StoresDerivative))
                WriteHidden(training: true);
        }

        writer.Line();
        writer.Line("/// <summary>One sample: its outputs.</summary>");
        writer.Line(Names.Optimized);
        using (writer.Block("internal static void ForwardOne(ref float parameters, ref float x, ref float y, ref float scratch)"))
        {
            WriteUpToOutput(context.Plan.ForwardOne, training: false);
            WriteOutput(OutputResult.Outputs, "Outputs(ref z, ref y, 1);");
        }
        writer.Line();
        writer.Line("/// <summary>One sample: its loss, still to be divided.</summary>");
        writer.Line(Names.Optimized);
        using (writer.Block("internal static float LossOne(ref float parameters, ref float x, ref float t, ref float scratch)"))
        {
            WriteUpToOutput(context.Plan.ForwardOne, training: false);
            WriteOutput(OutputResult.Loss, "return OutputLoss(ref z, ref t, 1);");
        }
    }

    /// <summary>Writes everything up to z of the output layer: its lanes <c>z0</c>, <c>z1</c>, … where a row fits registers.</summary>
    public void WriteUpToOutput(ScratchPlan scratch, bool training)
    {
        string input = "x";
        if (context.Plan.Layers.Count > 1)
        {
            bool stores = training && context.Plan.Hidden.Any(layer => layer.StoresDerivative);
            writer.Line($"{(stores ? "HiddenOneTraining" : "HiddenOne")}(ref parameters, ref x, ref scratch);");
            input = $"a{Last.Number - 1}";
            writer.Line($"ref float {input} = {VectorSyntax.At("scratch", $"{scratch[input].Offset}")};");
        }
        writer.Line($"ref float z = {VectorSyntax.At("scratch", $"{scratch["z"].Offset}")};");
        LayerSchedule schedule = context.Schedule.Layers[Last.Number - 1];
        VectorSyntax vector = context.Vector(Last);
        if (schedule.UnrollsOne)
        {
            WriteUnrolled(Last, input, output.Vectors);
            for (int v = 0; v < output.Vectors; v++)
                writer.Line($"{vector.Wrapper} z{v} = {Accumulator(Last, v)};");
            return;
        }
        forward.WriteOne(Last, input, "z");
        if (!schedule.UnrollsOutput)
            return;
        for (int v = 0; v < output.Vectors; v++)
            writer.Line($"{vector.Wrapper} z{v} = {vector.Load("z", v * vector.Lanes)};");
    }

    private void WriteOutput(OutputResult result, string call)
    {
        if (!context.Schedule.Layers[Last.Number - 1].UnrollsOutput)
        {
            writer.Line(call);
            return;
        }
        string lanes = context.Vector(Last).Wrapper;
        if (result == OutputResult.Loss)
            writer.Line($"{lanes} loss = {lanes}.Create(0f);");
        output.WriteRegisters(result, delta: "z");
        if (result == OutputResult.Loss)
            writer.Line($"return {lanes}.SumAcross(loss);");
    }

    private void WriteHidden(bool training)
    {
        ScratchPlan scratch = training ? context.Plan.GradientOne : context.Plan.ForwardOne;
        bool inlines = context.Plan.Hidden.All(layer => context.Schedule.Layers[layer.Number - 1].UnrollsOne);
        writer.Line();
        writer.Line($"/// <summary>One sample: the activations of every hidden layer{(training ? ", and φ′(z) where training needs z for it" : "")}.</summary>");
        writer.Line(inlines ? Names.Inlined : Names.Kernel);
        using (writer.Block($"private static void {(training ? "HiddenOneTraining" : "HiddenOne")}(ref float parameters, ref float x, ref float scratch)"))
        {
            string input = "x";
            foreach (LayerPlan layer in context.Plan.Hidden)
            {
                string a = $"a{layer.Number}";
                bool derivative = training && layer.StoresDerivative;
                writer.Line();
                writer.Line($"// Layer {layer.Number}: {a}[{layer.Units}] = {Names.Formula(layer.Activation)}({input}[{layer.Inputs}]·W{layer.Number}{(layer.Dense.Bias ? $" + b{layer.Number}" : "")}).");
                writer.Line($"ref float {a} = {VectorSyntax.At("scratch", $"{scratch[a].Offset}")};");
                if (derivative)
                    writer.Line($"ref float delta{layer.Number} = {VectorSyntax.At("scratch", $"{scratch[$"delta{layer.Number}"].Offset}")};");
                if (context.Schedule.Layers[layer.Number - 1].UnrollsOne)
                    WriteUnrolledHidden(layer, input, a, derivative);
                else
                {
                    forward.WriteOne(layer, input, a);
                    if (!layer.FusesActivation)
                    {
                        writer.Line(derivative
                            ? $"ActivateAndDifferentiate{layer.Number}(ref {a}, ref delta{layer.Number}, {layer.Layout.PaddedUnits});"
                            : $"Activate{layer.Number}(ref {a}, {layer.Layout.PaddedUnits});");
                    }
                }
                input = a;
            }
        }
    }

    private void WriteUnrolledHidden(LayerPlan layer, string input, string a, bool derivative)
    {
        VectorSyntax vector = context.Vector(layer);
        int vectors = layer.Layout.PaddedUnits / vector.Lanes;
        WriteUnrolled(layer, input, vectors);
        for (int v = 0; v < vectors; v++)
        {
            string z = Accumulator(layer, v);
            int offset = v * vector.Lanes;
            if (layer.Activation == Activation.Identity)
                writer.Line(vector.Store(z, a, offset));
            else if (derivative)
            {
                writer.Line(vector.StoreLanes(vector.Function($"{layer.Activation}.Value", z, $"out var slope{layer.Number}_{v}"), a, offset));
                writer.Line(vector.StoreLanes($"slope{layer.Number}_{v}", $"delta{layer.Number}", offset));
            }
            else
                writer.Line(vector.StoreLanes(vector.Function($"{layer.Activation}.Value", z), a, offset));
        }
    }

    private static string Accumulator(LayerPlan layer, int v) => $"z{layer.Number}_{v}";

    // z = W·x + b as one line for each vector of weights, summed in as many chains as keep the multiply-add units busy.
    private void WriteUnrolled(LayerPlan layer, string input, int vectors)
    {
        VectorSyntax vector = context.Vector(layer);
        int splits = Math.Max(1, Math.Min(TilePlanner.Chains / vectors, layer.Inputs / 2));
        string Partial(int v, int split) => split == 0 ? Accumulator(layer, v) : $"{Accumulator(layer, v)}_{split}";
        string w = $"w{layer.Number}";

        writer.Line($"ref float {w} = {VectorSyntax.At("parameters", $"{layer.Offset}")};");
        for (int k = 0; k < layer.Inputs; k++)
        {
            int split = k % splits;
            writer.Line($"var x{layer.Number}_{k} = {vector.Broadcast(VectorSyntax.Element(input, k))};");
            for (int v = 0; v < vectors; v++)
            {
                string weights = vector.Load(w, WeightOffset(layer, vector.Lanes, k, v));
                string z = Partial(v, split);
                bool first = k < splits;
                string sum = first && split == 0 && layer.Dense.Bias ? vector.Load(w, WeightOffset(layer, vector.Lanes, layer.Inputs, v)) : z;
                writer.Line(first
                    ? $"var {z} = {(sum == z ? $"x{layer.Number}_{k} * {weights}" : vector.MultiplyAdd($"x{layer.Number}_{k}", weights, sum))};"
                    : $"{z} = {vector.MultiplyAdd($"x{layer.Number}_{k}", weights, z)};");
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
    }

    // Where the vector v of row k lies: in its panel.
    private static int WeightOffset(LayerPlan layer, int lanes, int row, int v)
    {
        int unit = v * lanes, panel = 0;
        while (panel + 1 < layer.Layout.Panels && layer.Layout.FirstUnit(panel + 1) <= unit)
            panel++;
        return layer.Layout.Offset(panel) + row * layer.Layout.Width(panel) + unit - layer.Layout.FirstUnit(panel);
    }
}
