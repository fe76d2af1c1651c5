using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the public members of a network: they check their arguments, provide scratch memory, cut batches into slices,
/// and call the kernels of the widest vectors that the processor has, a choice that the JIT makes and folds away.
/// </summary>
internal sealed class MembersEmitter(SourceWriter writer, NetworkPlan plan, string name)
{
    private const string Inputs = "global::System.ReadOnlySpan<float>";
    private const string Outputs = "global::System.Span<float>";

    private NetworkSpec Spec => plan.Spec;

    public void Write()
    {
        WriteConstants();
        WriteConstruction();
        WriteForward();
        WriteLoss();
        WriteBackward();
        WriteTrainStep();
        WriteGradientSource();
        WriteParameters();
        WritePasses();
    }

    private void WriteConstants()
    {
        writer.Lines($"""
            /// <summary>The number of inputs of one sample.</summary>
            public const int InputSize = {Spec.Inputs};

            /// <summary>The number of outputs of one sample.</summary>
            public const int OutputSize = {Spec.Outputs};

            /// <summary>The number of parameters.</summary>
            public const int ParameterCount = {Spec.ParameterCount};

            private readonly BpKernels::AlignedBuffer _parameters = new BpKernels::AlignedBuffer({plan.ParameterLength});
            private readonly BpKernels::AlignedBuffer _gradientBlock = new BpKernels::AlignedBuffer(BpKernels::GradientBlock.MaxLength);
            """);
        if (plan.PoolLength > 0)
            writer.Line($"private readonly BpKernels::ScratchPool _scratch = new BpKernels::ScratchPool({plan.PoolLength});");
        writer.Line();
        writer.Line("/// <summary>The specification that the network was generated from.</summary>");
        writer.Line($"public static global::Backprop.NetworkSpec Spec {{ get; }} = new global::Backprop.NetworkSpec({Spec.Inputs}, new global::Backprop.DenseSpec[]");
        writer.Line("{");
        foreach (DenseSpec layer in Spec.Layers)
            writer.Line($"    new global::Backprop.DenseSpec({layer.Units}, global::Backprop.Activation.{layer.Activation}) {{ Bias = {(layer.Bias ? "true" : "false")}, Initializer = global::Backprop.Initializer.{layer.Initializer} }},");
        writer.Lines($$"""
            })
            {
                Loss = global::Backprop.Loss.{{Spec.Loss}},
                Reduction = global::Backprop.Reduction.{{Spec.Reduction}},
                BatchSize = {{Spec.BatchSize}},
                Unroll = global::Backprop.Unroll.{{Spec.Unroll}},
            };
            """);
        writer.Lines($"""

            static int global::Backprop.INetwork<{name}>.InputSize => InputSize;

            static int global::Backprop.INetwork<{name}>.OutputSize => OutputSize;

            static int global::Backprop.INetwork<{name}>.ParameterCount => ParameterCount;

            static {name} global::Backprop.INetwork<{name}>.Create(int seed) => new {name}(seed);
            """);
    }

    private void WriteConstruction() => writer.Lines($$"""

        /// <summary>A network with initial parameters: the same seed gives the same ones, on every machine.</summary>
        /// <param name="seed">The seed of the initial parameters.</param>
        public {{name}}(int seed = 0)
        {
            float[] parameters = new float[ParameterCount];
            global::Backprop.ParameterInitializer.Fill(Spec, seed, parameters);
            LoadParameters(parameters);
        }
        """);

    private void WriteForward()
    {
        Document();
        using (writer.Block($"public void Forward({Inputs} inputs, {Outputs} outputs)"))
        {
            WriteSamples("outputs");
            writer.Line("BpKernels::ArgumentGuard.NoOverlap(inputs, outputs, \"outputs\");");
            WriteReferences("outputs", "y");
            using (writer.Block("if (samples == 1)"))
                WithScratch(plan.ForwardOne, "_scratch", () => Dispatch("ForwardOne(ref parameters, ref x, ref y, ref scratch);"));
            writer.Line("else");
            using (writer.Block())
                writer.Line("Passes.Forward(this, ref x, ref y, samples);");
        }
    }

    private void WriteLoss()
    {
        Document();
        using (writer.Block($"public float ComputeLoss({Inputs} inputs, {Inputs} targets)"))
        {
            WriteSamples("targets");
            WriteReferences("targets", "t");
            writer.Line("return samples == 1 ? Passes.LossOne(this, ref x, ref t) : Passes.Loss(this, ref x, ref t, samples);");
        }
    }

    private void WriteBackward()
    {
        Document();
        using (writer.Block($"public float Backward({Inputs} inputs, {Inputs} targets, {Outputs} gradient)"))
        {
            WriteSamples("targets");
            WriteGradientChecks("gradient");
            WriteReferences("targets", "t");
            writer.Line("return samples == 1");
            writer.Line("    ? Passes.BackwardOne(this, ref x, ref t, gradient, ref BpMem::Unsafe.NullRef<float>())");
            writer.Line("    : Passes.Backward(this, ref x, ref t, samples, gradient, ref BpMem::Unsafe.NullRef<float>());");
        }
        Document();
        using (writer.Block($"public float Backward({Inputs} inputs, {Inputs} targets, {Outputs} gradient, {Outputs} inputGradient)"))
        {
            WriteSamples("targets");
            writer.Line("BpKernels::ArgumentGuard.PerSample(inputGradient.Length, samples, InputSize, \"inputGradient\");");
            WriteGradientChecks("gradient");
            WriteGradientChecks("inputGradient");
            writer.Line("BpKernels::ArgumentGuard.NoOverlap<float>(gradient, inputGradient, \"inputGradient\");");
            WriteReferences("targets", "t");
            writer.Line("ref float dx = ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(inputGradient);");
            writer.Line("return samples == 1 ? Passes.BackwardOne(this, ref x, ref t, gradient, ref dx) : Passes.Backward(this, ref x, ref t, samples, gradient, ref dx);");
        }
    }

    private void WriteGradientChecks(string argument)
    {
        if (argument == "gradient")
            writer.Line("BpKernels::ArgumentGuard.Exact(gradient.Length, ParameterCount, \"gradient\");");
        writer.Line($"BpKernels::ArgumentGuard.NoOverlap(inputs, {argument}, \"{argument}\");");
        writer.Line($"BpKernels::ArgumentGuard.NoOverlap(targets, {argument}, \"{argument}\");");
    }

    private void WriteTrainStep()
    {
        Document();
        using (writer.Block($"public float TrainStep({Inputs} inputs, {Inputs} targets, float learningRate)"))
        {
            WriteSamples("targets");
            writer.Line("BpKernels::ArgumentGuard.LearningRate(learningRate);");
            WriteReferences("targets", "t");
            writer.Line("var sink = new BpKernels::SgdUpdate(learningRate);");
            writer.Line("if (samples == 1)");
            writer.Line("    return Passes.GradientOne(this, ref x, ref t, ref sink);");
            writer.Line($"if (samples <= {plan.SliceSize})");
            writer.Line("    return Passes.GradientSlice(this, ref x, ref t, samples, ref sink);");
            writer.Line("return Passes.GradientThenUpdate(this, ref x, ref t, samples, ref sink);");
        }
        Document();
        using (writer.Block($"public float TrainStep<TOptimizer>({Inputs} inputs, {Inputs} targets, ref TOptimizer optimizer) where TOptimizer : struct, global::Backprop.IOptimizer"))
        {
            WriteSamples("targets");
            writer.Line("optimizer.BeginStep(this, _parameters.Length);");
            WriteReferences("targets", "t");
            writer.Line("var sink = new BpKernels::OptimizerUpdate<TOptimizer>(optimizer, _gradientBlock);");
            writer.Line("float loss =");
            writer.Line("    samples == 1 ? Passes.GradientOne(this, ref x, ref t, ref sink)");
            writer.Line($"    : samples <= {plan.SliceSize} ? Passes.GradientSlice(this, ref x, ref t, samples, ref sink)");
            writer.Line("    : Passes.GradientThenUpdate(this, ref x, ref t, samples, ref sink);");
            writer.Line("optimizer = sink.Optimizer;");
            writer.Line("return loss;");
        }
    }

    private void WriteGradientSource()
    {
        const string source = "global::Backprop.Kernels.IGradientSource";
        writer.Lines($"""

            int {source}.SliceSize => {plan.SliceSize};

            int {source}.ScratchLength => {plan.GradientBatch.Length};

            BpKernels::AlignedBuffer {source}.Parameters => _parameters;

            float {source}.LossScale(int samples) => {Scale};

            {Names.Optimized}
            """);
        using (writer.Block($"float {source}.StoreGradient(ref float x, ref float t, int samples, float scale, ref float gradient, ref float scratch)"))
        {
            writer.Line("ref float parameters = ref _parameters.Reference;");
            writer.Line("var sink = new BpKernels::GradientStore();");
            Dispatch("GradientBatch(ref parameters, ref x, ref t, samples, scale, ref gradient, ref sink, ref scratch);", "return ");
        }
    }

    private void WriteParameters()
    {
        foreach ((string signature, string argument, string pack) in new[]
        {
            ($"public void CopyParametersTo({Outputs} destination)", "destination", "Unpack"),
            ($"public void LoadParameters({Inputs} source)", "source", "Pack"),
        })
        {
            Document(optimized: false);
            using (writer.Block(signature))
            {
                writer.Line($"BpKernels::ArgumentGuard.Exact({argument}.Length, ParameterCount, \"{argument}\");");
                writer.Line("ref float parameters = ref _parameters.Reference;");
                WriteCanonical(argument, pack);
            }
        }
    }

    private void WriteCanonical(string argument, string pack, string packed = "parameters")
    {
        int canonical = 0;
        foreach (LayerPlan layer in plan.Layers)
        {
            int count = layer.Units * (layer.Inputs + (layer.Dense.Bias ? 1 : 0));
            string at = VectorSyntax.At(packed, $"{layer.Offset}"), slice = $"{argument}.Slice({canonical}, {count})";
            writer.Line(pack == "Pack"
                ? $"BpKernels::PackedParameters.Pack(Passes.Layout{layer.Number}, {slice}, {at});"
                : $"BpKernels::PackedParameters.Unpack(Passes.Layout{layer.Number}, {at}, {slice});");
            canonical += count;
        }
    }

    // The passes over one sample or over slices of a batch, behind the checks.
    private void WritePasses()
    {
        writer.Line();
        writer.Line("/// <summary>What the public methods do once their arguments are checked.</summary>");
        using (writer.Block("private static class Passes"))
        {
            foreach (LayerPlan layer in plan.Layers)
                writer.Line($"internal static readonly global::Backprop.PanelLayout Layout{layer.Number} = new global::Backprop.PanelLayout({layer.Inputs}, {layer.Units}, {(layer.Dense.Bias ? "true" : "false")});");

            Pass($"internal static void Forward({name} network, ref float x, ref float y, int samples)", () =>
                WithScratch(plan.ForwardBatch, "network._scratch", () =>
                    Slices(() => Dispatch("ForwardBatch(ref parameters, ref xs, ref ys, count, ref scratch);"), "y")), "network");
            Pass($"internal static float LossOne({name} network, ref float x, ref float t)", () =>
            {
                writer.Line("float loss;");
                WithScratch(plan.ForwardOne, "network._scratch", () => Dispatch("LossOne(ref parameters, ref x, ref t, ref scratch);", "loss = "));
                writer.Line($"return loss * {Literal.Of(1f / Spec.LossDivisor)};");
            }, "network");
            Pass($"internal static float Loss({name} network, ref float x, ref float t, int samples)", () =>
            {
                writer.Line("float loss = 0f;");
                WithScratch(plan.ForwardBatch, "network._scratch", () =>
                    Slices(() => Dispatch("LossBatch(ref parameters, ref xs, ref ts, count, ref scratch);", "loss += "), "t"));
                writer.Line($"return loss * {Scale};");
            }, "network");
            Pass($"internal static float GradientOne<TSink>({name} network, ref float x, ref float t, ref TSink sink) {Names.SinkConstraint}", () =>
            {
                writer.Line("float loss;");
                WithScratch(plan.GradientOne, "network._scratch", () =>
                    Dispatch($"GradientOne(ref parameters, ref x, ref t, {Literal.Of(1f / Spec.LossDivisor)}, ref parameters, ref sink, ref scratch);", "loss = "));
                writer.Line($"return loss * {Literal.Of(1f / Spec.LossDivisor)};");
            }, "network");
            Pass($"internal static float GradientSlice<TSink>({name} network, ref float x, ref float t, int samples, ref TSink sink) {Names.SinkConstraint}", () =>
            {
                writer.Line($"float scale = {Scale};");
                writer.Line("float loss;");
                WithScratch(plan.GradientBatch, "network._scratch", () =>
                    Dispatch("GradientBatch(ref parameters, ref x, ref t, samples, scale, ref parameters, ref sink, ref scratch);", "loss = "));
                writer.Line("return loss * scale;");
            }, "network");
            Pass($"internal static float GradientThenUpdate<TSink>({name} network, ref float x, ref float t, int samples, ref TSink sink) {Names.SinkConstraint}", () =>
            {
                writer.Line($"float scale = {Scale};");
                writer.Line("float loss = 0f;");
                WithScratch(plan.BackwardBatch, "network._scratch", () =>
                {
                    WriteAccumulation(inputGradient: false);
                    writer.Line($"BpKernels::GradientBlock.Apply(ref gradient, ref parameters, {plan.ParameterLength}, ref sink);");
                });
                writer.Line("return loss * scale;");
            }, "network");
            Pass($"internal static float BackwardOne({name} network, ref float x, ref float t, {Outputs} destination, ref float dx)", () =>
            {
                writer.Line("float loss;");
                WithScratch(plan.BackwardOne, "network._scratch", () =>
                {
                    writer.Line($"ref float gradient = {VectorSyntax.At("scratch", $"{plan.BackwardOne["gradient"].Offset}")};");
                    writer.Line("var sink = new BpKernels::GradientStore();");
                    Dispatch($"GradientOne(ref parameters, ref x, ref t, {Literal.Of(1f / Spec.LossDivisor)}, ref gradient, ref sink, ref scratch);", "loss = ");
                    using (writer.Block("if (!BpMem::Unsafe.IsNullRef(ref dx))"))
                        Dispatch($"InputGradientOne(ref parameters, {VectorSyntax.At("scratch", $"{plan.BackwardOne[plan.FirstDelta].Offset}")}, ref dx);");
                    WriteCanonical("destination", "Unpack", "gradient");
                });
                writer.Line($"return loss * {Literal.Of(1f / Spec.LossDivisor)};");
            }, "network");
            Pass($"internal static float Backward({name} network, ref float x, ref float t, int samples, {Outputs} destination, ref float dx)", () =>
            {
                writer.Line($"float scale = {Scale};");
                writer.Line("float loss = 0f;");
                WithScratch(plan.BackwardBatch, "network._scratch", () =>
                {
                    WriteAccumulation(inputGradient: true);
                    WriteCanonical("destination", "Unpack", "gradient");
                });
                writer.Line("return loss * scale;");
            }, "network");
        }
    }

    private string Scale => Spec.LossDivisor == 1 ? "1f / samples" : $"1f / ((float)samples * {Spec.LossDivisor})";

    // The gradient of a batch of any size, slice by slice into one buffer.
    private void WriteAccumulation(bool inputGradient)
    {
        writer.Line($"ref float gradient = {VectorSyntax.At("scratch", $"{plan.BackwardBatch["gradient"].Offset}")};");
        writer.Line($"global::System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref gradient, {plan.ParameterLength}).Clear();");
        writer.Line("var sum = new BpKernels::GradientAccumulate();");
        Slices(() =>
        {
            Dispatch("GradientBatch(ref parameters, ref xs, ref ts, count, scale, ref gradient, ref sum, ref scratch);", "loss += ");
            if (!inputGradient)
                return;
            using (writer.Block("if (!BpMem::Unsafe.IsNullRef(ref dx))"))
            {
                writer.Line($"ref float delta = {VectorSyntax.At("scratch", $"{plan.BackwardBatch[plan.FirstDelta].Offset}")};");
                using (writer.Block("for (int s = 0; s < count; s++)"))
                    Dispatch($"InputGradientOne(ref parameters, ref BpMem::Unsafe.Add(ref delta, s * {plan.Layers[0].Stride}), ref BpMem::Unsafe.Add(ref dx, (first + s) * InputSize));");
            }
        }, "t");
    }

    private void Pass(string signature, Action body, string owner)
    {
        writer.Line();
        writer.Line(Names.Optimized);
        using (writer.Block(signature))
        {
            writer.Line($"ref float parameters = ref {owner}._parameters.Reference;");
            body();
        }
    }

    private void Slices(Action body, string other)
    {
        using (writer.Block($"for (int first = 0; first < samples; first += {plan.SliceSize})"))
        {
            writer.Line($"int count = global::System.Math.Min({plan.SliceSize}, samples - first);");
            writer.Line("ref float xs = ref BpMem::Unsafe.Add(ref x, first * InputSize);");
            writer.Line($"ref float {other}s = ref BpMem::Unsafe.Add(ref {other}, first * OutputSize);");
            body();
        }
    }

    private void WithScratch(ScratchPlan scratch, string pool, Action body)
    {
        if (scratch.OnStack)
        {
            writer.Line($"global::System.Span<float> stack = stackalloc float[{scratch.Length + PanelLayout.Alignment}];");
            writer.Line("ref float scratch = ref BpKernels::Scratch.Align(stack);");
            body();
            return;
        }
        writer.Line($"BpKernels::AlignedBuffer buffer = {pool}.Rent();");
        using (writer.Block("try"))
        {
            writer.Line("ref float scratch = ref buffer.Reference;");
            body();
        }
        using (writer.Block("finally"))
            writer.Line($"{pool}.Return(buffer);");
    }

    private void Dispatch(string call, string result = "")
    {
        string otherwise = "";
        foreach (VectorWidth width in VectorWidth.All)
        {
            string condition = width.Lanes == 1 ? "else" : $"{otherwise}if (BpSimd::Vector{width.Bits}.IsHardwareAccelerated)";
            writer.Line(condition);
            writer.Line($"    {result}{KernelClassEmitter.Name(width)}.{call}");
            otherwise = "else ";
        }
    }

    private void Document(bool optimized = true)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        if (optimized)
            writer.Line(Names.Optimized);
    }

    private void WriteSamples(string other)
    {
        writer.Line("int samples = BpKernels::ArgumentGuard.Samples(inputs.Length, InputSize);");
        writer.Line($"BpKernels::ArgumentGuard.PerSample({other}.Length, samples, OutputSize, \"{other}\");");
    }

    private void WriteReferences(string other, string reference)
    {
        const string marshal = "global::System.Runtime.InteropServices.MemoryMarshal";
        if (reference == "y")
            writer.Line("ref float parameters = ref _parameters.Reference;");
        writer.Line($"ref float x = ref {marshal}.GetReference(inputs);");
        writer.Line($"ref float {reference} = ref {marshal}.GetReference({other});");
    }
}
