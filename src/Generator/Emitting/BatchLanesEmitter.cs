using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the batch kernels of a network whose layers are narrower than a vector or leave lanes empty, with the lanes over the samples: a row of scratch
/// holds one unit of a block of samples, and a weight is broadcast. Each step of the work goes over the whole block before the next
/// begins, so that no vector waits for the one before it, and nothing is summed across lanes but the gradient of a whole block.
/// </summary>
internal sealed class BatchLanesEmitter(SourceWriter writer, KernelContext context)
{
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);
    private readonly OutputLanesEmitter _output = new(writer, context, "zv", "tv", context.Plan.SamplesInLanes!.Value);
    private readonly LanesProductEmitter _product = new(writer, context);
    private readonly LanesGradientEmitter _gradient = new(writer, context);

    private NetworkPlan Plan => context.Plan;

    private int Lanes => _vector.Lanes;

    private string Wrapper => _vector.Wrapper;

    // Floats from row to row of the scratch.
    private int Block => Plan.SamplesInLanes!.Value;

    public void Write()
    {
        if (Plan.Output.ProducesOutputsInLanes)
            WriteHidden();
        WriteWeightedInputs(training: false);
        if (Plan.TrainsInLanes && StoresDerivatives)
            WriteWeightedInputs(training: true);
        if (!Plan.Output.ProducesOutputsInLanes)
            WriteOutput("their outputs, in place of zs", "OutputsLanes", OutputResult.Outputs);
        WriteOutput("the sum of their losses, still to be divided", "OutputLossLanes", OutputResult.Loss);
        WriteMethod(
            "their outputs",
            KernelSignature.ForwardBatch, OutputResult.Outputs);
        WriteMethod(
            "the sum of their losses, still to be divided",
            KernelSignature.LossBatch, OutputResult.Loss);
        if (Plan.TrainsInLanes)
            WriteTraining();
    }

    private void WriteTraining()
    {
        WriteOutput("the sum of their losses, still to be multiplied by scale, and δ in place of zs", "OutputDeltaLanes", OutputResult.Delta);
        WriteBackward();
        WriteMethod(
            "the sum of their losses, still to be multiplied by scale, their gradient into the sink, and that by the inputs where dx is not null",
            KernelSignature.GradientBatch, OutputResult.Delta);
    }

    private bool StoresDerivatives => Plan.Hidden.Any(layer => layer.StoresDerivative);

    private string MethodName(bool training) => training && StoresDerivatives ? "WeightedInputsAndDerivativesLanes" : "WeightedInputsLanes";

    // ---- Forward ----

    // The layers, in a method that inference and training share where both fill the same rows.
    private void WriteWeightedInputs(bool training)
    {
        bool sharesHidden = !training && Plan.Output.ProducesOutputsInLanes;
        WriteForwardMethods(sharesHidden ? [Plan.Output] : Plan.Layers, training);
        writer.Line();
        writer.Line($"/// <summary>Up to {Block} samples, {Lanes} in a vector: all layers up to the weighted inputs zs of the last{(training ? ", with φ′(z) of the hidden layers where training needs z for it" : "")}.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {MethodName(training)}(ref float parameters, ref float x, int samples, ref float scratch)"))
        {
            if (!sharesHidden)
            {
                WriteFromInputs(Plan.Layers, training);
                return;
            }
            WriteHiddenCall("ref x");
            if (context.Schedule.InlinesLanes)
                WriteBuffers(Plan.Kernels.ForwardLanes!, name => name == Result(Plan.Output));
            WriteForwardOrCall(Plan.Output, training);
        }
    }

    // One output goes where the caller wants it, straight from its product: what comes before is a method that outputs, loss and training share.
    private void WriteHidden()
    {
        WriteForwardMethods(Plan.Hidden, training: false);
        writer.Line();
        writer.Line($"/// <summary>Up to {Block} samples, {Lanes} in a vector: all layers before the last.</summary>");
        writer.Line(Names.Inlined);
        using (writer.Block("private static void HiddenLanes(ref float parameters, ref float x, int samples, ref float scratch)"))
            WriteFromInputs(Plan.Hidden, training: false);
    }

    private void WriteHiddenCall(string x)
    {
        writer.Line($"HiddenLanes(ref parameters, {x}, samples, ref scratch);");
        WriteBuffers(Plan.Kernels.ForwardLanes!, name => name == Input(Plan.Output));
        WriteLength();
    }

    // The inputs' rows, and layers from the first on.
    private void WriteFromInputs(IEnumerable<LayerPlan> layers, bool training)
    {
        WriteBuffers(ForwardScratch(training), name => name == "xs" || (context.Schedule.InlinesLanes && layers.Any(layer => name == Result(layer) || (training && name == Delta(layer)))));
        WriteLength();
        writer.Line($"BpMath::Transposition.RowsToLanes<{Wrapper}>(ref x, samples, {Plan.Spec.Inputs}, ref xs, {Block});");
        foreach (LayerPlan layer in layers)
            WriteForwardOrCall(layer, training);
    }

    private void WriteForwardOrCall(LayerPlan layer, bool training)
    {
        if (context.Schedule.InlinesLanes)
            WriteForward(layer, training);
        else
            writer.Line($"{ForwardName(layer, training)}(ref parameters, length, ref scratch);");
    }

    // Where layers have methods of their own: in training, those that differ from inference's.
    private void WriteForwardMethods(IEnumerable<LayerPlan> layers, bool training)
    {
        foreach (LayerPlan layer in layers.Where(layer => !context.Schedule.InlinesLanes && (!training || Differentiates(layer))))
            WriteForwardMethod(layer, training);
    }

    private ScratchPlan ForwardScratch(bool training) => training ? Plan.Kernels.GradientLanes! : Plan.Kernels.ForwardLanes!;

    private static string ForwardName(LayerPlan layer, bool training) => $"ForwardLanes{layer.Number}{(training && Differentiates(layer) ? "WithDerivative" : "")}";

    // Whether the forward pass leaves φ′(z) too. That of the output layer comes with δ.
    private static bool Differentiates(LayerPlan layer) => layer.StoresDerivative && !layer.IsOutput;

    private void WriteForwardMethod(LayerPlan layer, bool training)
    {
        writer.Line();
        writer.Line($"/// <summary>Layer {layer.Number} of up to {Block} samples{(training ? ", with φ′(z)" : "")}.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {ForwardName(layer, training)}(ref float parameters, int length, ref float scratch)"))
        {
            WriteBuffers(ForwardScratch(training), name => name == Input(layer) || name == Result(layer) || (training && name == Delta(layer)));
            WriteForward(layer, training);
        }
    }

    private void WriteForward(LayerPlan layer, bool training)
    {
        string to = Result(layer);
        writer.Line($"// Layer {layer.Number}: {to}[{layer.Units},s] = {(layer.IsOutput ? "" : Names.Formula(layer.Activation))}({WeightedInputs(layer)}).");
        bool applies = !layer.IsOutput && layer.Activation != Activation.Identity, merges = applies && layer.MergesActivationInLanes;
        _product.Write(to, Input(layer), LanesMatrix.Of(layer), merges ? (z, _) => _vector.Call($"{layer.Activation}.Value", z) : null);
        if (!applies || merges)
            return;
        bool derivative = training && layer.StoresDerivative;
        using (writer.Block($"for (int row = 0; row < {layer.Units * Block}; row += {Block})"))
        {
            if (derivative)
            {
                // δ is formed of two vectors at once, the second of which may be one that no sample is in.
                writer.Line($"if (length % {TilePlanner.VectorsInLanes * Lanes} != 0)");
                writer.Line($"    {Wrapper}.Store({Wrapper}.Create(0f), ref {Delta(layer)}, row + length);");
            }
            using (writer.Block($"for (int s = 0; s < length; s += {Lanes})"))
            {
                string value = _vector.Function($"{layer.Activation}.Value", [$"{Wrapper}.Load(ref {to}, row + s)", .. derivative ? new[] { "out var slope" } : []]);
                writer.Line($"{Wrapper}.Store({value}, ref {to}, row + s);");
                if (derivative)
                    writer.Line($"{Wrapper}.Store(slope, ref {Delta(layer)}, row + s);");
            }
        }
    }

    // ---- The methods of a slice ----

    // From zs to the outputs, to the loss, or to the loss and δ, a vector of samples at a time.
    private void WriteOutput(string summary, string name, OutputResult result)
    {
        string targets = result == OutputResult.Outputs ? "" : "ref float ts, ", scale = result == OutputResult.Delta ? ", float scale" : "";
        writer.Line();
        writer.Line($"/// <summary>Up to {Block} samples: {summary}.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static {(result == OutputResult.Outputs ? "void" : "float")} {name}(ref float zs, {targets}int samples{scale})"))
        {
            if (result != OutputResult.Outputs)
                writer.Line($"var loss = {Wrapper}.Create(0f);");
            WriteLength();
            using (writer.Block($"for (int s = 0; s < length; s += {Lanes})"))
            {
                writer.Line("ref float zv = ref BpMem::Unsafe.Add(ref zs, s);");
                if (result != OutputResult.Outputs)
                {
                    writer.Line("ref float tv = ref BpMem::Unsafe.Add(ref ts, s);");
                    writer.Line($"var blockLoss = {Wrapper}.Create(0f);");
                }
                _output.WriteStage(result);
                if (result != OutputResult.Outputs)
                    writer.Line($"loss += {Wrapper}.KeepFirst(blockLoss, samples - s);");
            }
            if (result != OutputResult.Outputs)
                writer.Line($"return {Wrapper}.SumAcross(loss);");
        }
    }

    private void WriteMethod(string what, KernelSignature kernel, OutputResult result)
    {
        LayerPlan last = Plan.Output;
        bool writesOutputs = result == OutputResult.Outputs && last.ProducesOutputsInLanes;
        ScratchPlan scratch = result == OutputResult.Delta ? Plan.Kernels.GradientLanes! : Plan.Kernels.ForwardLanes!;
        bool loops = Plan.SliceSize > Block;
        string At(string name, int size) => loops ? $"ref BpMem::Unsafe.Add(ref {name}, first * {size})" : $"ref {name}";
        writer.Line();
        writer.Line($"/// <summary>Up to {Plan.SliceSize} samples{(loops ? $", {Block} at a time" : "")}: {what}.</summary>");
        writer.Line(Names.Kernel);
        string declaration = context.Schedule.BatchInLanes ? kernel.Declare("internal static") : kernel.InLanes.Declare("private static");
        using (writer.Block(loops ? declaration.Replace("int samples", "int all") : declaration))
        {
            WriteBuffers(scratch, name => (name == "zs" && !writesOutputs) || (result != OutputResult.Outputs && name == "ts") || (result == OutputResult.Delta && name == "gs"));
            if (result == OutputResult.Delta)
                writer.Line($"global::System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref gs, {Plan.ParameterLength}).Clear();");
            if (result != OutputResult.Outputs)
                writer.Line("float loss = 0f;");
            using (loops ? writer.Block($"for (int first = 0; first < all; first += {Block})") : (SourceWriter.Scope?)null)
            {
                if (loops)
                    writer.Line($"int samples = global::System.Math.Min({Block}, all - first);");
                if (writesOutputs)
                {
                    WriteHiddenCall(At("x", Plan.Spec.Inputs));
                    WriteOnlyOutput(loops);
                    return;
                }
                writer.Line($"{MethodName(training: result == OutputResult.Delta)}(ref parameters, {At("x", Plan.Spec.Inputs)}, samples, ref scratch);");
                if (result != OutputResult.Outputs)
                    writer.Line($"BpMath::Transposition.RowsToLanes<{Wrapper}>({At("t", last.Units)}, samples, {last.Units}, ref ts, {Block});");
                switch (result)
                {
                    case OutputResult.Outputs:
                        writer.Line("OutputsLanes(ref zs, samples);");
                        writer.Line($"BpMath::Transposition.LanesToRows<{Wrapper}>(ref zs, {Block}, samples, {last.Units}, {At("y", last.Units)});");
                        break;
                    case OutputResult.Loss:
                        writer.Line("loss += OutputLossLanes(ref zs, ref ts, samples);");
                        break;
                    default:
                        writer.Line("loss += OutputDeltaLanes(ref zs, ref ts, samples, scale);");
                        writer.Line($"BackwardLanes(ref parameters, samples, {(loops ? $"ref BpMem::Unsafe.IsNullRef(ref dx) ? ref dx : {At("dx", Plan.Spec.Inputs)}" : "ref dx")}, ref scratch);");
                        break;
                }
            }
            if (result == OutputResult.Delta)
                WriteSink();
            if (result != OutputResult.Outputs)
                writer.Line("return loss;");
        }
    }

    private void WriteOnlyOutput(bool loops)
    {
        LayerPlan layer = Plan.Output;
        writer.Line($"// Layer {layer.Number}: y[s] = {Names.Formula(layer.Activation)}({WeightedInputs(layer)}).");
        if (loops)
            writer.Line("ref float ys = ref BpMem::Unsafe.Add(ref y, first);");
        _product.WriteOnlyOutput(loops ? "ys" : "y", Input(layer), LanesMatrix.Of(layer), z => layer.Activation == Activation.Identity ? z : _vector.Function($"{layer.Activation}.Value", z));
    }

    // Rows are worked on up to the last vector that has a sample.
    private void WriteLength() => writer.Line($"int length = (samples + {Lanes - 1}) / {Lanes} * {Lanes};");

    private void WriteBuffers(ScratchPlan scratch, Func<string, bool> needed)
    {
        foreach (BufferPlan buffer in scratch.Buffers)
        {
            if (needed(buffer.Name))
                writer.Line($"ref float {buffer.Name} = {VectorSyntax.At("scratch", $"{buffer.Offset}")};");
        }
    }

    /// <summary>The rows that a layer reads.</summary>
    public static string Input(LayerPlan layer) => layer.Number == 1 ? "xs" : $"as{layer.Number - 1}";

    private static string WeightedInputs(LayerPlan layer) => $"W{layer.Number}·{Input(layer)}[{layer.Inputs},s]{(layer.Dense.Bias ? $" + b{layer.Number}" : "")}";

    private static string Result(LayerPlan layer) => layer.IsOutput ? "zs" : $"as{layer.Number}";

    /// <summary>The rows of a layer's δ.</summary>
    public static string Delta(LayerPlan layer) => layer.IsOutput ? "zs" : $"ds{layer.Number}";

    // ---- Backward ----

    private void WriteBackward()
    {
        LayerPlan first = Plan.Layers[0];
        if (!context.Schedule.InlinesLanes)
        {
            foreach (LayerPlan layer in Plan.Layers.Reverse())
                WriteBackwardMethod(layer);
        }
        writer.Line();
        writer.Line($"/// <summary>Up to {Block} samples, whose δ of the last layer is in zs: the sum of their gradients is added to gs; the gradient by their inputs goes to dx where that is not null.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block("private static void BackwardLanes(ref float parameters, int samples, ref float dx, ref float scratch)"))
        {
            WriteBuffers(Plan.Kernels.GradientLanes!, name => name != "ts" && (context.Schedule.InlinesLanes || name is "xs" or "zs" || name == Delta(first)));
            WriteLength();
            using (writer.Block("if (samples < length)"))
            {
                writer.Line("// Lanes without a sample add nothing to the gradient.");
                writer.Line($"for (int i = length - {Lanes}; i < {Plan.Output.Units * Block}; i += {Block})");
                writer.Line($"    {Wrapper}.Store({Wrapper}.KeepFirst({Wrapper}.Load(ref zs, i), samples - length + {Lanes}), ref zs, i);");
            }
            foreach (LayerPlan layer in Plan.Layers.Reverse())
            {
                if (context.Schedule.InlinesLanes)
                    WriteBackward(layer);
                else
                    writer.Line($"{BackwardName(layer)}(ref parameters, length, ref scratch);");
            }
            using (writer.Block("if (!BpMem::Unsafe.IsNullRef(ref dx))"))
            {
                writer.Line($"// ∂C/∂x[{first.Inputs},s] = W1ᵀ·δ1, in place of x, which has served.");
                _product.Write("xs", Delta(first), LanesMatrix.TransposeOf(first), result: null);
                writer.Line($"BpMath::Transposition.LanesToRows<{Wrapper}>(ref xs, {Block}, samples, {first.Inputs}, ref dx);");
            }
        }
    }

    private static string BackwardName(LayerPlan layer) => $"BackwardLanes{layer.Number}";

    private void WriteBackwardMethod(LayerPlan layer)
    {
        LayerPlan? below = layer.Number > 1 ? Plan.Layers[layer.Number - 2] : null;
        writer.Line();
        writer.Line($"/// <summary>Layer {layer.Number} of up to {Block} samples: its gradient is added to gs{(below is null ? "" : $", and δ{below.Number} follows from δ{layer.Number}")}.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {BackwardName(layer)}(ref float parameters, int length, ref float scratch)"))
        {
            WriteBuffers(Plan.Kernels.GradientLanes!, name => name == "gs" || name == Input(layer) || name == Delta(layer) || (below is not null && name == Delta(below)));
            WriteBackward(layer);
        }
    }

    private void WriteBackward(LayerPlan layer)
    {
        _gradient.Write(layer, Block);
        if (layer.Number > 1)
            WriteHiddenDelta(Plan.Layers[layer.Number - 2], layer);
    }

    private void WriteHiddenDelta(LayerPlan layer, LayerPlan above)
    {
        string delta = Delta(layer), a = Result(layer);
        string derivative = layer.Activation == Activation.Identity ? ""
            : layer.StoresDerivative ? $" ∘ φ′(z{layer.Number}), which the forward pass left in its place"
            : $" ∘ {Names.Formula(layer.Activation)}′({a})";
        writer.Line($"// Layer {layer.Number}: {delta}[{layer.Units},s] = W{above.Number}ᵀ·{Delta(above)}{derivative}.");
        _product.Write(
            delta, Delta(above), LanesMatrix.TransposeOf(above),
            layer.Activation == Activation.Identity ? null
            : layer.StoresDerivative ? (z, at) => $"{z} * ({_vector.Type}){Wrapper}.Load(ref {delta}, {at})"
            : (z, at) => $"{z} * {_vector.Call($"{layer.Activation}.DerivativeFromOutput", $"{Wrapper}.Load(ref {a}, {at})")}");
    }

    // The gradient, in blocks as long as an optimizer takes.
    private void WriteSink()
    {
        const int most = PanelLayout.MaxBlockLength;
        for (int offset = 0; offset < Plan.ParameterLength; offset += most)
        {
            int end = Math.Min(offset + most, Plan.ParameterLength);
            string block = offset == 0 ? "target" : $"block{offset / most}", at = offset == 0 ? "index" : $"{offset} + index";
            if (offset > 0)
                writer.Line($"ref float {block} = {VectorSyntax.At("target", $"{offset}")};");
            using (writer.Block($"for (int index = 0; index < {end - offset}; index += {Lanes})"))
                writer.Line($"sink.Accept<{Wrapper}>(ref {block}, index, {Wrapper}.Load(ref gs, {at}));");
            writer.Line($"sink.Complete(ref {block}, {offset}, {end - offset});");
        }
    }
}
