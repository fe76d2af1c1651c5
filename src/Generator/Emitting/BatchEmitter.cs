using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes the order of the products over a slice of a batch: outputs, loss, gradient.</summary>
internal sealed class BatchEmitter(
    SourceWriter writer, KernelContext context, ForwardEmitter forward, HiddenDeltaEmitter hiddenDelta, WeightGradientEmitter weightGradient)
{
    private NetworkPlan Plan => context.Plan;

    public void Write()
    {
        WriteWeightedInputs(training: false);
        if (StoresDerivatives)
            WriteWeightedInputs(training: true);
        WriteForward();
        WriteGradient();
    }

    private void WriteForward()
    {
        writer.Line();
        writer.Line($"/// <summary>Up to {Plan.SliceSize} samples: their outputs.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.ForwardBatch.Declare("internal static")))
        {
            WriteFullSlice(KernelSignature.ForwardBatch);
            if (Plan.Output.ProducesOutputs)
                writer.Line($"{MethodName(training: false)}(ref parameters, ref x, ref y, samples, ref scratch);");
            else
            {
                WriteUpToOutput(Plan.Kernels.ForwardBatch, training: false);
                writer.Line($"Outputs(ref z, ref y, samples{LanesArgument});");
            }
        }
        writer.Line();
        writer.Line($"/// <summary>Up to {Plan.SliceSize} samples: the sum of their losses, still to be divided.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.LossBatch.Declare("internal static")))
        {
            WriteFullSlice(KernelSignature.LossBatch);
            WriteUpToOutput(Plan.Kernels.ForwardBatch, training: false);
            writer.Line($"return OutputLoss(ref z, ref t, samples{LanesArgument});");
        }
    }

    private void WriteGradient()
    {
        ScratchPlan scratch = Plan.Kernels.GradientBatch;
        writer.Line();
        writer.Line($"/// <summary>Up to {Plan.SliceSize} samples: the sum of their losses, still to be multiplied by scale, their gradient into the sink, and that by the inputs where dx is not null.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.GradientBatch.Declare("internal static")))
        {
            WriteFullSlice(KernelSignature.GradientBatch);
            WriteUpToOutput(scratch, training: true);
            writer.Line($"float loss = OutputDelta(ref z, ref t, samples, scale{LanesArgument});");
            if (Plan.Layers.Any(layer => layer.TransposesWeights))
                WriteBuffer(scratch, "transposed");
            if (Plan.Layers.Any(forward.Turns))
                WriteBuffer(scratch, TurnedForwardEmitter.Buffer);
            string delta = "z";
            foreach (LayerPlan layer in Plan.Layers.Reverse())
            {
                if (layer.Number == 1)
                {
                    writer.Line("if (!BpMem::Unsafe.IsNullRef(ref dx))");
                    WriteInputGradient(layer, delta);
                    writer.Line(weightGradient.Call(layer, "x", delta));
                    continue;
                }
                // δ below is formed before the update of this layer's weights, from which it is formed.
                LayerPlan below = Plan.Layers[layer.Number - 2];
                string propagated = $"delta{below.Number}";
                WriteBuffer(scratch, $"a{below.Number}");
                WriteBuffer(scratch, propagated);
                bool few = Plan.PropagatesFewByRows && layer.TransposesWeights;
                if (few)
                {
                    writer.Line("if (samples <= BpKernels::BackwardRows.MaxSamples)");
                    writer.Line($"    {hiddenDelta.CallForFew(below, layer, delta)}");
                    writer.Line("else");
                }
                using (few ? writer.Block() : (SourceWriter.Scope?)null)
                {
                    writer.Line(hiddenDelta.Call(below, layer, delta));
                    writer.Line(weightGradient.Call(layer, $"a{below.Number}", delta));
                }
                delta = propagated;
            }
            writer.Line("return loss;");
        }
    }

    // ∂C/∂x, as the statement of a condition.
    private void WriteInputGradient(LayerPlan first, string delta)
    {
        if (context.Schedule.TilesInputGradient(first))
            writer.Line($"    BpKernels::InputGradient.Run<{context.Vector(context.Width.Lanes).Wrapper}>({Names.Passes}.Layouts[0], ref parameters, ref {delta}, {first.Stride}, ref dx, samples);");
        else
        {
            using (writer.Block())
            {
                writer.Line("for (int s = 0; s < samples; s++)");
                writer.Line($"    InputGradientOne(ref parameters, ref BpMem::Unsafe.Add(ref {delta}, s * {first.Stride}), ref BpMem::Unsafe.Add(ref dx, s * {first.Inputs}));");
            }
        }
    }

    // A slice that fills the lanes with samples goes another way.
    private void WriteFullSlice(KernelSignature kernel)
    {
        if (context.Schedule.FullSlices is not { } full || (kernel == KernelSignature.GradientBatch && !Plan.TrainsInLanes))
            return;
        string length = $"(samples + {full.Step - 1}) / {full.Step} * {full.Step}", call = kernel.InLanes.Call();
        using (writer.Block($"if (samples >= {full.Least} && {length} - samples <= samples / {FullSlices.SamplesPerEmptyLane})"))
            writer.Lines(kernel.Result == "void" ? $"{call};\nreturn;" : $"return {call};");
    }

    private bool StoresDerivatives => Plan.Hidden.Any(layer => layer.StoresDerivative);

    private string MethodName(bool training) => training && StoresDerivatives ? "WeightedInputsAndDerivativesBatch" : "WeightedInputsBatch";

    // The layers, in a method that inference and training share where both fill the same buffers.
    private void WriteWeightedInputs(bool training)
    {
        ScratchPlan scratch = training ? Plan.Kernels.GradientBatch : Plan.Kernels.ForwardBatch;
        writer.Line();
        writer.Line($"/// <summary>Up to {Plan.SliceSize} samples: all layers up to the weighted inputs z{Plan.Output.Number} of the last{(training ? ", with φ′(z) of the hidden layers where training needs z for it" : "")}.</summary>");
        writer.Line(Names.Inlined);
        using (writer.Block($"private static void {MethodName(training)}(ref float parameters, ref float x, ref float z, int samples, ref float scratch)"))
        {
            if (Plan.Layers.Any(forward.Turns))
                WriteBuffer(scratch, TurnedForwardEmitter.Buffer);
            string input = "x";
            foreach (LayerPlan layer in Plan.Layers)
            {
                string a = layer.IsOutput ? "z" : $"a{layer.Number}";
                if (!layer.IsOutput)
                    WriteBuffer(scratch, a);
                bool activates = !layer.IsOutput && !layer.FusesActivation;
                if (activates)
                    context.WriteZeroesBehind(writer, a, layer.Stride, "samples");
                writer.Line(forward.CallLayer(layer, input, a));
                if (activates)
                    WriteActivation(layer, a, scratch, training);
                input = a;
            }
        }
    }

    private void WriteActivation(LayerPlan layer, string a, ScratchPlan scratch, bool training)
    {
        if (training && layer.StoresDerivative)
        {
            WriteBuffer(scratch, $"delta{layer.Number}");
            writer.Line($"ActivateAndDifferentiate{layer.Activation}(ref {a}, ref delta{layer.Number}, samples * {layer.Stride});");
        }
        else
            writer.Line($"Activate{layer.Activation}(ref {a}, samples * {layer.Stride});");
    }

    private void WriteUpToOutput(ScratchPlan scratch, bool training)
    {
        WriteBuffer(scratch, "z");
        if (context.Schedule.OutputInLanes && Plan.Output.StagesInPlace)
            context.WriteZeroesBehind(writer, "z", Plan.Output.Stride, "samples");
        writer.Line($"{MethodName(training)}(ref parameters, ref x, ref z, samples, ref scratch);");
        if (TransposesOutputs)
            WriteBuffer(scratch, "lanes");
    }

    private bool TransposesOutputs => context.Schedule.OutputInLanes && !Plan.Output.StagesInPlace;

    private string LanesArgument => TransposesOutputs ? ", ref lanes" : "";

    private void WriteBuffer(ScratchPlan scratch, string name) =>
        writer.Line($"ref float {name} = {VectorSyntax.At("scratch", $"{scratch[name].Offset}")};");
}
