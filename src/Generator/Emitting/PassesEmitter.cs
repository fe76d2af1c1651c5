using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes what the public members do once their arguments are checked: over one sample, or a batch slice by slice.</summary>
internal sealed class PassesEmitter(SourceWriter writer, NetworkPlan plan, string name) : EntryEmitter(writer, plan)
{
    public void Write()
    {
        Writer.Line();
        Writer.Line("/// <summary>What the public methods do once their arguments are checked.</summary>");
        using (Writer.Block("private static class Passes"))
        {
            Writer.Lines(Names.Options);
            Writer.Line();
            foreach (LayerPlan layer in Plan.Layers)
                Writer.Line($"internal static readonly global::Backprop.PanelLayout Layout{layer.Number} = new global::Backprop.PanelLayout({layer.Inputs}, {layer.Units}, {(layer.Dense.Bias ? "true" : "false")});");
            if (Plan.PoolLength > 0)
                Writer.Line($"internal static readonly BpKernels::ScratchPool Scratch = new BpKernels::ScratchPool({Plan.PoolLength});");
            ProductShapes.Write(Writer, Plan);
            WriteForward();
            WriteLoss();
            WriteTraining();
            WriteBackward();
            WriteGradientBatch();
        }
    }

    private void WriteForward()
    {
        Writer.Line();
        Writer.Line(Names.Kernel);
        using (Writer.Block($"internal static void Forward({name} network, {Inputs} inputs, {Outputs} outputs)"))
        {
            WriteSamples("outputs");
            Writer.Line("BpKernels::ArgumentGuard.NoOverlap(inputs, outputs, \"outputs\");");
            WriteReferences("outputs", "y");
            if (Plan.OneByOneBelow is not null)
            {
                Writer.Line($"if (samples < {Plan.OneByOneBelow})");
                Writer.Line("    ForwardEach(network, ref x, ref y, samples);");
                Writer.Line("else");
                Writer.Line("    ForwardBatch(network, ref x, ref y, samples);");
            }
            else
                Writer.Line("ForwardBatch(network, ref x, ref y, samples);");
        }
        if (Plan.OneByOneBelow is not null)
        {
            Pass("void ForwardEach", "ref float x, ref float y, int samples", Plan.Kernels.ForwardOne, () =>
                Samples("y", () => DispatchOne("ForwardOne(ref parameters, ref xs, ref ys", "")));
        }
        Method("void ForwardBatch", "ref float x, ref float y, int samples", () =>
            WithBatchScratch(Plan.Kernels.ForwardLanes, Plan.Kernels.ForwardBatch, widths =>
                Slices("y", () => Dispatch(widths, "ForwardBatch(ref parameters, ref xs, ref ys, count, ref scratch)"))));
    }

    private void WriteLoss()
    {
        if (Plan.OneByOneBelow is not null)
        {
            Pass("float LossEach", "ref float x, ref float t, int samples", Plan.Kernels.ForwardOne, () =>
                Samples("t", () => DispatchOne("LossOne(ref parameters, ref xs, ref ts", "loss += ")), Scale);
        }
        PassOne("float LossOne", "ref float x, ref float t", Plan.Kernels.ForwardOne, "LossOne(ref parameters, ref x, ref t");
        Scaled("float Loss", "ref float x, ref float t, int samples", Scale, () =>
            WithBatchScratch(Plan.Kernels.ForwardLanes, Plan.Kernels.ForwardBatch, widths =>
                Slices("t", () => Dispatch(widths, "LossBatch(ref parameters, ref xs, ref ts, count, ref scratch)", "loss += "))));
    }

    // The gradient goes straight into the parameters; or, where it is a sum over slices, into them in the end.
    private void WriteTraining()
    {
        Writer.Line();
        Writer.Line(Names.Inlined);
        using (Writer.Block($"internal static float Train<TSink>({name} network, ref float x, ref float t, int samples, ref TSink sink) {Names.SinkConstraint}"))
        {
            Writer.Line("return");
            Writer.Line("    samples == 1 ? GradientOne(network, ref x, ref t, ref sink)");
            if (Plan.TrainsOneByOneBelow is not null)
                Writer.Line($"    : samples < {Plan.TrainsOneByOneBelow} ? GradientEach(network, ref x, ref t, samples, ref sink)");
            Writer.Line($"    : samples <= {Plan.SliceSize} ? GradientSlice(network, ref x, ref t, samples, ref sink)");
            Writer.Line("    : GradientThenUpdate(network, ref x, ref t, samples, ref sink);");
        }
        if (Plan.TrainsOneByOneBelow is not null)
        {
            Pass("float GradientEach<TSink>", "ref float x, ref float t, int samples, ref TSink sink", Plan.BackwardOne, () =>
            {
                WriteGradient(Plan.BackwardOne);
                WriteClearGaps();
                Writer.Line("var store = new BpKernels::GradientStore();");
                DispatchOne($"GradientOne(ref parameters, ref x, ref t, ref gradient, ref store, {NullReference}", "loss = ");
                Writer.Line("var sum = new BpKernels::GradientAccumulate();");
                Samples("t", () => DispatchOne($"GradientOne(ref parameters, ref xs, ref ts, ref gradient, ref sum, {NullReference}", "loss += "), first: 1);
                WriteApply("1f / samples");
            }, Scale);
        }
        PassOne("float GradientOne<TSink>", "ref float x, ref float t, ref TSink sink", Plan.Kernels.GradientOne,
            $"GradientOne(ref parameters, ref x, ref t, ref parameters, ref sink, {NullReference}");
        Scaled("float GradientSlice<TSink>", "ref float x, ref float t, int samples, ref TSink sink", Scale, () =>
            WithBatchScratch(Plan.Kernels.GradientLanes, Plan.Kernels.GradientBatch, _ =>
                Writer.Line($"loss = GradientBatch(ref parameters, ref x, ref t, samples, scale, ref parameters, ref sink, {NullReference}, ref scratch);")));
        Pass("float GradientThenUpdate<TSink>", "ref float x, ref float t, int samples, ref TSink sink", Plan.BackwardBatch, () =>
        {
            WriteGradient(Plan.BackwardBatch);
            WriteAccumulation(NullReference);
            WriteApply("1f");
        }, Scale);
    }

    // The gradient is formed in the order of the parameter buffer and copied out in canonical order. dx may be null.
    private void WriteBackward()
    {
        Pass("float BackwardOne", $"ref float x, ref float t, {Outputs} destination, ref float dx", Plan.BackwardOne, () =>
        {
            WriteGradient(Plan.BackwardOne);
            Writer.Line("var sink = new BpKernels::GradientStore();");
            DispatchOne("GradientOne(ref parameters, ref x, ref t, ref gradient, ref sink, ref dx", "loss = ");
            WriteCanonical("destination", "Unpack", "gradient");
        }, ScaleOfOne);
        Pass("float Backward", $"ref float x, ref float t, int samples, {Outputs} destination, ref float dx", Plan.BackwardBatch, () =>
        {
            WriteGradient(Plan.BackwardBatch);
            WriteAccumulation("ref dxs");
            WriteCanonical("destination", "Unpack", "gradient");
        }, Scale);
    }

    private void WriteGradient(ScratchPlan scratch) =>
        Writer.Line($"ref float gradient = {VectorSyntax.At("scratch", $"{scratch["gradient"].Offset}")};");

    // The gradient of a batch of any size, slice by slice into one buffer.
    private void WriteAccumulation(string inputGradient)
    {
        WriteClearGaps();
        Writer.Line("var store = new BpKernels::GradientStore();");
        Writer.Line("var sum = new BpKernels::GradientAccumulate();");
        Slices("t", () =>
        {
            if (inputGradient == "ref dxs")
                Writer.Line($"ref float dxs = ref BpMem::Unsafe.IsNullRef(ref dx) ? ref dx : ref BpMem::Unsafe.Add(ref dx, first * {Spec.Inputs});");
            Writer.Line("if (first == 0)");
            Writer.Line($"    loss += GradientBatch(ref parameters, ref xs, ref ts, count, scale, ref gradient, ref store, {inputGradient}, ref scratch);");
            Writer.Line("else");
            Writer.Line($"    loss += GradientBatch(ref parameters, ref xs, ref ts, count, scale, ref gradient, ref sum, {inputGradient}, ref scratch);");
        });
    }

    // The kernel is called from several places; inlined, they have the choice of the width too.
    private void WriteGradientBatch()
    {
        Writer.Line();
        Writer.Line(Names.Inlined);
        using (Writer.Block($"internal static float GradientBatch<TSink>(ref float parameters, ref float x, ref float t, int samples, float scale, ref float target, ref TSink sink, ref float dx, ref float scratch) {Names.SinkConstraint}"))
            Dispatch("GradientBatch(ref parameters, ref x, ref t, samples, scale, ref target, ref sink, ref dx, ref scratch)", "return ");
    }

    private void WriteApply(string factor) =>
        Writer.Line($"BpKernels::GradientBlock.Apply(ref gradient, {factor}, ref parameters, {Plan.ParameterLength}, ref sink);");

    // What lies between the layers has no gradient, but goes to the sink with the rest.
    private void WriteClearGaps()
    {
        foreach (LayerPlan layer in Plan.Layers)
        {
            int used = layer.Layout.Rows * layer.Layout.PaddedUnits;
            if (used < layer.Layout.Length)
                Writer.Line($"global::System.Runtime.InteropServices.MemoryMarshal.CreateSpan({VectorSyntax.At("gradient", $"{layer.Offset + used}")}, {layer.Layout.Length - used}).Clear();");
        }
    }

    private void Samples(string other, Action body, int first = 0)
    {
        using (Writer.Block($"for (int s = {first}; s < samples; s++)"))
        {
            WritePiece("s", other);
            body();
        }
    }

    private void Slices(string other, Action body)
    {
        using (Writer.Block($"for (int first = 0; first < samples; first += {Plan.SliceSize})"))
        {
            Writer.Line($"int count = global::System.Math.Min({Plan.SliceSize}, samples - first);");
            WritePiece("first", other);
            body();
        }
    }

    private void WritePiece(string first, string other)
    {
        Writer.Line($"ref float xs = ref BpMem::Unsafe.Add(ref x, {first} * {Spec.Inputs});");
        Writer.Line($"ref float {other}s = ref BpMem::Unsafe.Add(ref {other}, {first} * {Spec.Outputs});");
    }

    // One sample, straight to its kernel.
    private void PassOne(string declaration, string parameters, ScratchPlan scratch, string call) =>
        Method(declaration, parameters, () =>
        {
            Writer.Line("float loss;");
            DispatchOne(scratch, call, "loss = ");
            Writer.Line(Spec.LossDivisor == 1 ? "return loss;" : $"return loss * {ScaleOfOne};");
        });

    // A method that has scratch memory at hand.
    private void Pass(string declaration, string parameters, ScratchPlan scratch, Action body, string? scale = null)
    {
        if (scale is null)
            Method(declaration, parameters, () => WithScratch(scratch, body));
        else
            Scaled(declaration, parameters, scale, () => WithScratch(scratch, body));
    }

    // A method that sums a loss in `loss` and scales it.
    private void Scaled(string declaration, string parameters, string scale, Action body) =>
        Method(declaration, parameters, () =>
        {
            Writer.Line($"float scale = {scale};");
            Writer.Line("float loss = 0f;");
            body();
            Writer.Line("return loss * scale;");
        });

    private void Method(string declaration, string parameters, Action body)
    {
        string constraint = declaration.EndsWith("<TSink>", StringComparison.Ordinal) ? $" {Names.SinkConstraint}" : "";
        Writer.Line();
        Writer.Line(Names.Optimized);
        using (Writer.Block($"internal static {declaration}({name} network, {parameters}){constraint}"))
        {
            Writer.Line("ref float parameters = ref network._parameters.Reference;");
            body();
        }
    }
}
