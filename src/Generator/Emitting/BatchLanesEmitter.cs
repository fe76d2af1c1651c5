using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the batch kernels of a network whose layers are narrower than a vector, with the lanes over the samples: one
/// vector holds one unit of as many samples as it has lanes, and a weight is broadcast. No lane is idle, nothing is
/// reduced across lanes until the gradients of all blocks have been summed.
/// </summary>
internal sealed class BatchLanesEmitter(SourceWriter writer, KernelContext context)
{
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);
    private readonly OutputLanesEmitter _output = new(writer, context);

    private NetworkPlan Plan => context.Plan;

    private int Lanes => _vector.Lanes;

    private string Wrapper => _vector.Wrapper;

    public void Write()
    {
        WriteMethod(
            "their outputs",
            "internal static void ForwardBatch(ref float parameters, ref float x, ref float y, int samples, ref float scratch)",
            OutputResult.Outputs);
        WriteMethod(
            "the sum of their losses, still to be divided",
            "internal static float LossBatch(ref float parameters, ref float x, ref float t, int samples, ref float scratch)",
            OutputResult.Loss);
        WriteMethod(
            "the sum of their losses, still to be multiplied by scale, their gradient into the sink, and that by the inputs where dx is not null",
            $"internal static float GradientBatch<TSink>(ref float parameters, ref float x, ref float t, int samples, float scale, ref float target, ref TSink sink, ref float dx, ref float scratch) {Names.SinkConstraint}",
            OutputResult.Delta);
    }

    private void WriteMethod(string what, string signature, OutputResult result)
    {
        LayerPlan last = Plan.Output;
        writer.Line();
        writer.Line($"/// <summary>Up to {Plan.SliceSize} samples, {Lanes} at a time in the lanes of a vector: {what}.</summary>");
        writer.Line(Names.Optimized);
        using (writer.Block(signature))
        {
            WriteBuffers(result);
            if (result != OutputResult.Outputs)
                writer.Line($"var loss = {Wrapper}.Create(0f);");
            using (writer.Block($"for (int first = 0; first < samples; first += {Lanes})"))
            {
                writer.Line($"int count = global::System.Math.Min({Lanes}, samples - first);");
                using (writer.Block($"if (count < {Lanes})"))
                    writer.Line($"global::System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref xs, {Plan.Spec.Inputs * Lanes}).Clear(); // what lanes without a sample compute is finite");
                writer.Line($"BpMath::Transposition.RowsToLanes<{Wrapper}>(ref BpMem::Unsafe.Add(ref x, first * {Plan.Spec.Inputs}), count, {Plan.Spec.Inputs}, ref xs);");
                foreach (LayerPlan layer in Plan.Layers)
                    WriteForward(layer, training: result == OutputResult.Delta);
                if (result != OutputResult.Outputs)
                {
                    writer.Line($"BpMath::Transposition.RowsToLanes<{Wrapper}>(ref BpMem::Unsafe.Add(ref t, first * {last.Units}), count, {last.Units}, ref ts);");
                    writer.Line($"var blockLoss = {Wrapper}.Create(0f);");
                }
                using (writer.Block())
                    _output.WriteStage(result);
                if (result == OutputResult.Outputs)
                    writer.Line($"BpMath::Transposition.LanesToRows<{Wrapper}>(ref zs, count, {last.Units}, ref BpMem::Unsafe.Add(ref y, first * {last.Units}));");
                else
                    writer.Line($"loss += {Wrapper}.KeepFirst(blockLoss, count);");
                if (result == OutputResult.Delta)
                    WriteBackward();
            }
            if (result == OutputResult.Delta)
                WriteReduction();
            if (result != OutputResult.Outputs)
                writer.Line($"return {Wrapper}.SumAcross(loss);");
        }
    }

    private static string Input(LayerPlan layer) => layer.Number == 1 ? "xs" : $"as{layer.Number - 1}";

    private static string Result(LayerPlan layer) => layer.IsOutput ? "zs" : $"as{layer.Number}";

    private static string Delta(LayerPlan layer) => layer.IsOutput ? "zs" : $"ds{layer.Number}";

    // One row of lanes for each input, unit and target; for training also one for each parameter's gradient.
    private void WriteBuffers(OutputResult result)
    {
        ScratchPlan scratch = result == OutputResult.Delta ? Plan.Kernels.GradientLanes! : Plan.Kernels.ForwardLanes!;
        foreach (BufferPlan buffer in scratch.Buffers)
        {
            if (buffer.Name != "ts" || result != OutputResult.Outputs)
                writer.Line($"ref float {buffer.Name} = {VectorSyntax.At("scratch", $"{buffer.Offset}")};");
        }
        if (result == OutputResult.Delta)
            writer.Line($"global::System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref gs, {Plan.ParameterLength * Lanes}).Clear();");
    }

    private void WriteForward(LayerPlan layer, bool training)
    {
        string to = Result(layer);
        writer.Line($"// Layer {layer.Number}: {to}[{layer.Units},s] = {(layer.IsOutput ? "" : Names.Formula(layer.Activation))}(W{layer.Number}·{Input(layer)}[{layer.Inputs},s]{(layer.Dense.Bias ? $" + b{layer.Number}" : "")}).");
        WriteProduct(
            to, layer.Units, Input(layer), layer.Inputs, layer.Offset, outputStep: 1, inputStep: layer.Layout.PaddedUnits,
            biasRow: layer.Dense.Bias ? layer.Inputs * layer.Layout.PaddedUnits : null);
        if (layer.IsOutput || layer.Activation == Activation.Identity)
            return;
        using (writer.Block($"for (int i = 0; i < {layer.Units * Lanes}; i += {Lanes})"))
        {
            if (training && layer.StoresDerivative)
            {
                writer.Line($"{Wrapper}.Store({_vector.Function($"{layer.Activation}.Value", $"{Wrapper}.Load(ref {to}, i)", "out var slope")}, ref {to}, i);");
                writer.Line($"{Wrapper}.Store(slope, ref {Delta(layer)}, i);");
            }
            else
                writer.Line($"{Wrapper}.Store({_vector.Function($"{layer.Activation}.Value", $"{Wrapper}.Load(ref {to}, i)")}, ref {to}, i);");
        }
    }

    // to[o] = Σ from[i] · W[o · outputStep + i · inputStep], some outputs at a time in registers.
    private void WriteProduct(
        string to, int outputs, string from, int inputs, int weights, int outputStep, int inputStep, int? biasRow)
    {
        int whole = outputs / TilePlanner.OutputsInLanes * TilePlanner.OutputsInLanes;
        if (whole > 0)
        {
            using (whole == TilePlanner.OutputsInLanes ? writer.Block() : writer.Block($"for (int o = 0; o < {whole}; o += {TilePlanner.OutputsInLanes})"))
                WriteOutputs(TilePlanner.OutputsInLanes, whole == TilePlanner.OutputsInLanes ? "0" : "o");
        }
        if (outputs > whole)
        {
            using (writer.Block())
                WriteOutputs(outputs - whole, $"{whole}");
        }

        void WriteOutputs(int count, string first)
        {
            string offset = first == "0" ? $"{weights}" : outputStep == 1 ? $"{weights} + {first}" : $"{weights} + {first} * {outputStep}";
            writer.Line($"ref float w = {VectorSyntax.At("parameters", offset)};");
            writer.Line($"ref float a = ref {from};");
            writer.Line($"ref float z = {VectorSyntax.At(to, first == "0" ? "0" : $"{first} * {Lanes}")};");
            for (int o = 0; o < count; o++)
                writer.Line($"var z{o} = {(biasRow is { } row ? _vector.Broadcast(VectorSyntax.Element("w", row + o)) : _vector.Zero)};");
            using (writer.Block($"for (int i = 0; i < {inputs}; i++)"))
            {
                writer.Line($"var ai = {_vector.Load("a", 0)};");
                for (int o = 0; o < count; o++)
                    writer.Line($"z{o} = {_vector.MultiplyAdd("ai", _vector.Broadcast(VectorSyntax.Element("w", o * outputStep)), $"z{o}")};");
                writer.Line($"a = ref BpMem::Unsafe.Add(ref a, {Lanes});");
                writer.Line($"w = ref BpMem::Unsafe.Add(ref w, {inputStep});");
            }
            for (int o = 0; o < count; o++)
                writer.Line(_vector.Store($"z{o}", "z", o * Lanes));
        }
    }

    private void WriteBackward()
    {
        using (writer.Block($"if (count < {Lanes})"))
        {
            writer.Line("// Lanes without a sample add nothing to the gradient.");
            writer.Line($"for (int i = 0; i < {Plan.Output.Units * Lanes}; i += {Lanes})");
            writer.Line($"    {Wrapper}.Store({Wrapper}.KeepFirst({Wrapper}.Load(ref zs, i), count), ref zs, i);");
        }
        foreach (LayerPlan layer in Plan.Layers.Reverse())
        {
            WriteGradient(layer);
            if (layer.Number > 1)
                WriteHiddenDelta(Plan.Layers[layer.Number - 2], layer);
        }
        WriteInputGradient();
    }

    private void WriteInputGradient()
    {
        LayerPlan first = Plan.Layers[0];
        using (writer.Block("if (!BpMem::Unsafe.IsNullRef(ref dx))"))
        {
            writer.Line($"// ∂C/∂x[{first.Inputs},s] = W1ᵀ·δ1, in place of x, which has served.");
            WriteProduct("xs", first.Inputs, Delta(first), first.Units, first.Offset, outputStep: first.Layout.PaddedUnits, inputStep: 1, biasRow: null);
            writer.Line($"BpMath::Transposition.LanesToRows<{Wrapper}>(ref xs, count, {first.Inputs}, ref BpMem::Unsafe.Add(ref dx, first * {first.Inputs}));");
        }
    }

    private void WriteGradient(LayerPlan layer)
    {
        string delta = Delta(layer);
        int stride = layer.Layout.PaddedUnits;
        writer.Line($"// Layer {layer.Number}: gs += {Input(layer)}·{delta}ᵀ, lane by lane.");
        using (writer.Block())
        {
            for (int u = 0; u < layer.Units; u++)
                writer.Line($"var d{u} = {_vector.Load(delta, u * Lanes)};");
            writer.Line($"ref float a = ref {Input(layer)};");
            writer.Line($"ref float g = {VectorSyntax.At("gs", $"{layer.Offset * Lanes}")};");
            using (writer.Block($"for (int i = 0; i < {layer.Inputs}; i++)"))
            {
                writer.Line($"var ai = {_vector.Load("a", 0)};");
                for (int u = 0; u < layer.Units; u++)
                    writer.Line(_vector.Store(_vector.MultiplyAdd("ai", $"d{u}", _vector.Load("g", u * Lanes)), "g", u * Lanes));
                writer.Line($"a = ref BpMem::Unsafe.Add(ref a, {Lanes});");
                writer.Line($"g = ref BpMem::Unsafe.Add(ref g, {stride * Lanes});");
            }
            for (int u = 0; layer.Dense.Bias && u < layer.Units; u++)
                writer.Line(_vector.Store($"{_vector.Load("g", u * Lanes)} + d{u}", "g", u * Lanes));
        }
    }

    private void WriteHiddenDelta(LayerPlan below, LayerPlan layer)
    {
        string delta = Delta(below), sums = below.StoresDerivative ? Result(below) : delta;
        writer.Line($"// δ{below.Number}[{below.Units},s] = W{layer.Number}ᵀ·δ{layer.Number} ∘ φ′(z{below.Number}).");
        // Where φ′ waits in δ's place, the sums go where the activations were, which nothing reads any more.
        WriteProduct(sums, below.Units, Delta(layer), layer.Units, layer.Offset, outputStep: layer.Layout.PaddedUnits, inputStep: 1, biasRow: null);
        if (below.Activation == Activation.Identity)
            return;
        string factor = below.StoresDerivative ? $"{Wrapper}.Load(ref {sums}, i)"
            : _vector.Function($"{below.Activation}.DerivativeFromOutput", $"{Wrapper}.Load(ref {Result(below)}, i)");
        writer.Line($"for (int i = 0; i < {below.Units * Lanes}; i += {Lanes})");
        writer.Line($"    {Wrapper}.Store({Wrapper}.Load(ref {delta}, i) * {factor}, ref {delta}, i);");
    }

    // The lanes of each parameter's gradient become one number.
    private void WriteReduction()
    {
        using (writer.Block($"for (int index = 0; index < {Plan.ParameterLength}; index += {Lanes})"))
        {
            writer.Line($"ref float g = ref BpMem::Unsafe.Add(ref gs, index * {Lanes});");
            string rows = string.Join(", ", Enumerable.Range(0, Lanes).Select(row => _vector.Load("g", row * Lanes)));
            writer.Line($"sink.Accept<{Wrapper}>(ref target, index, BpMath::Transposition.SumEach({rows}));");
        }
        writer.Line($"sink.Complete(ref target, 0, {Plan.ParameterLength});");
    }
}
