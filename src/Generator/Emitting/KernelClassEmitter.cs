using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes the nested class of one vector width: every kernel of the network.</summary>
internal sealed class KernelClassEmitter(SourceWriter writer, KernelContext context)
{
    /// <summary>The class's name.</summary>
    public static string Name(VectorWidth width) => width.Lanes == 1 ? "ScalarKernels" : $"Vector{width.Bits}Kernels";

    private NetworkPlan Plan => context.Plan;

    public void Write()
    {
        var output = new OutputEmitter(writer, context);
        var forward = new ForwardEmitter(writer, context);
        var hiddenDelta = new HiddenDeltaEmitter(writer, context);
        var weightGradient = new WeightGradientEmitter(writer, context);
        var singleForward = new SingleForwardEmitter(writer, context, forward, output);
        var singleGradient = new SingleGradientEmitter(writer, context, singleForward, output);

        writer.Line($"/// <summary>The network for {(context.Width.Lanes == 1 ? "processors without vectors" : $"vectors of {context.Width.Bits} bits")}.</summary>");
        using (writer.Block($"private static class {Name(context.Width)}"))
        {
            if (context.Schedule.OneInRegisters)
                new SingleRegistersEmitter(writer, context, output).Write();
            else
                singleForward.Write();
            singleGradient.Write();
            if (context.Schedule.BatchInLanes)
            {
                new BatchLanesEmitter(writer, context).Write();
                foreach (LayerPlan layer in Plan.Layers)
                    forward.WriteForOne(layer);
                return;
            }
            WriteForwardBatch();
            WriteGradientBatch();
            output.WriteMethods();
            foreach (LayerPlan layer in Plan.Layers)
                forward.Write(layer);
            foreach (LayerPlan layer in Plan.Hidden)
                hiddenDelta.Write(layer, Plan.Layers[layer.Number]);
            foreach (LayerPlan layer in Plan.Layers)
                weightGradient.Write(layer);
        }
    }

    private void WriteForwardBatch()
    {
        writer.Line();
        writer.Line($"/// <summary>Up to {Plan.SliceSize} samples: their outputs.</summary>");
        writer.Line(Names.Optimized);
        using (writer.Block("internal static void ForwardBatch(ref float parameters, ref float x, ref float y, int samples, ref float scratch)"))
        {
            WriteLayers(Plan.Kernels.ForwardBatch, training: false);
            WriteLanesBuffer(Plan.Kernels.ForwardBatch);
            writer.Line($"Outputs(ref z, ref y, samples{LanesArgument});");
        }
        writer.Line();
        writer.Line($"/// <summary>Up to {Plan.SliceSize} samples: the sum of their losses, still to be divided.</summary>");
        writer.Line(Names.Optimized);
        using (writer.Block("internal static float LossBatch(ref float parameters, ref float x, ref float t, int samples, ref float scratch)"))
        {
            WriteLayers(Plan.Kernels.ForwardBatch, training: false);
            WriteLanesBuffer(Plan.Kernels.ForwardBatch);
            writer.Line($"return OutputLoss(ref z, ref t, samples{LanesArgument});");
        }
    }

    private void WriteGradientBatch()
    {
        ScratchPlan scratch = Plan.Kernels.GradientBatch;
        writer.Line();
        writer.Line($"/// <summary>Up to {Plan.SliceSize} samples: the sum of their losses, still to be multiplied by scale, their gradient into the sink, and that by the inputs where dx is not null.</summary>");
        writer.Line(Names.Optimized);
        using (writer.Block($"internal static float GradientBatch<TSink>(ref float parameters, ref float x, ref float t, int samples, float scale, ref float target, ref TSink sink, ref float dx, ref float scratch) {Names.SinkConstraint}"))
        {
            WriteLayers(scratch, training: true);
            WriteLanesBuffer(scratch);
            writer.Line($"float loss = OutputDelta(ref z, ref t, samples, scale{LanesArgument});");
            if (Plan.Layers.Count > 1)
                WriteBuffer(scratch, "transposed");
            string delta = "z";
            foreach (LayerPlan layer in Plan.Layers.Reverse())
            {
                if (layer.Number == 1)
                {
                    using (writer.Block("if (!BpMem::Unsafe.IsNullRef(ref dx))"))
                    {
                        writer.Line("for (int s = 0; s < samples; s++)");
                        writer.Line($"    InputGradientOne(ref parameters, ref BpMem::Unsafe.Add(ref {delta}, s * {layer.Stride}), ref BpMem::Unsafe.Add(ref dx, s * {layer.Inputs}));");
                    }
                    writer.Line($"WeightGradient1(ref x, ref {delta}, samples, ref target, ref sink);");
                    continue;
                }
                // δ below is formed before the update of this layer's weights, from which it is formed.
                LayerPlan below = Plan.Layers[layer.Number - 2];
                string propagated = $"delta{below.Number}";
                if (!below.StoresDerivative)
                    WriteBuffer(scratch, propagated);
                string a = below.StoresDerivative || below.Activation == Activation.Identity ? "" : $"ref a{below.Number}, ";
                writer.Line($"HiddenDelta{below.Number}(ref parameters, ref {delta}, {a}ref {propagated}, ref transposed, samples);");
                writer.Line($"WeightGradient{layer.Number}(ref a{below.Number}, ref {delta}, samples, ref target, ref sink);");
                delta = propagated;
            }
            writer.Line("return loss;");
        }
    }

    private void WriteLayers(ScratchPlan scratch, bool training)
    {
        string input = "x";
        foreach (LayerPlan layer in Plan.Layers)
        {
            string a = layer.IsOutput ? "z" : $"a{layer.Number}";
            WriteBuffer(scratch, a);
            writer.Line($"ForwardLayer{layer.Number}(ref parameters, ref {input}, ref {a}, samples);");
            if (!layer.IsOutput && !layer.FusesActivation)
            {
                if (training && layer.StoresDerivative)
                {
                    WriteBuffer(scratch, $"delta{layer.Number}");
                    writer.Line($"ActivateAndDifferentiate{layer.Number}(ref {a}, ref delta{layer.Number}, samples * {layer.Stride});");
                }
                else
                    writer.Line($"Activate{layer.Number}(ref {a}, samples * {layer.Stride});");
            }
            input = a;
        }
    }

    private string LanesArgument => context.Schedule.OutputInLanes ? ", ref lanes" : "";

    private void WriteLanesBuffer(ScratchPlan scratch)
    {
        if (context.Schedule.OutputInLanes)
            WriteBuffer(scratch, "lanes");
    }

    private void WriteBuffer(ScratchPlan scratch, string name) =>
        writer.Line($"ref float {name} = {VectorSyntax.At("scratch", $"{scratch[name].Offset}")};");
}
