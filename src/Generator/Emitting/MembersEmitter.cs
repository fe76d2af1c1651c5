using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the public members of a network: they check their arguments, provide scratch memory, cut batches into slices,
/// and call the kernels of the widest vectors that the processor has, a choice that the JIT makes and folds away.
/// </summary>
internal sealed class MembersEmitter(SourceWriter writer, NetworkPlan plan, string name) : EntryEmitter(writer, plan)
{

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
        new PassesEmitter(Writer, Plan, name).Write();
    }

    private void WriteConstants()
    {
        Writer.Lines($"""
            /// <summary>The number of inputs of one sample.</summary>
            public const int InputSize = {Spec.Inputs};

            /// <summary>The number of outputs of one sample.</summary>
            public const int OutputSize = {Spec.Outputs};

            /// <summary>The number of parameters.</summary>
            public const int ParameterCount = {Spec.ParameterCount};

            private readonly BpKernels::AlignedBuffer _parameters = new BpKernels::AlignedBuffer({Plan.ParameterLength});
            private readonly BpKernels::AlignedBuffer _gradientBlock = new BpKernels::AlignedBuffer(BpKernels::GradientBlock.MaxLength);
            """);
        Writer.Line();
        Writer.Line("/// <summary>The specification that the network was generated from.</summary>");
        Writer.Line($"public static global::Backprop.NetworkSpec Spec {{ get; }} = new global::Backprop.NetworkSpec({Spec.Inputs}, new global::Backprop.DenseSpec[]");
        Writer.Line("{");
        foreach (DenseSpec layer in Spec.Layers)
            Writer.Line($"    new global::Backprop.DenseSpec({layer.Units}, global::Backprop.Activation.{layer.Activation}) {{ Bias = {(layer.Bias ? "true" : "false")}, Initializer = global::Backprop.Initializer.{layer.Initializer} }},");
        Writer.Lines($$"""
            })
            {
                Loss = global::Backprop.Loss.{{Spec.Loss}},
                Reduction = global::Backprop.Reduction.{{Spec.Reduction}},
                BatchSize = {{Spec.BatchSize}},
                Unroll = global::Backprop.Unroll.{{Spec.Unroll}},
            };
            """);
        Writer.Lines($"""

            static int global::Backprop.INetwork<{name}>.InputSize => InputSize;

            static int global::Backprop.INetwork<{name}>.OutputSize => OutputSize;

            static int global::Backprop.INetwork<{name}>.ParameterCount => ParameterCount;

            static {name} global::Backprop.INetwork<{name}>.Create(int seed) => new {name}(seed);
            """);
    }

    private void WriteConstruction() => Writer.Lines($$"""

        /// <summary>A network with initial parameters: the same seed gives the same ones, on every machine.</summary>
        /// <param name="seed">The seed of the initial parameters.</param>
        public {{name}}(int seed = 0)
        {
            float[] parameters = new float[ParameterCount];
            global::Backprop.ParameterInitializer.Fill(Spec, seed, parameters);
            LoadParameters(parameters);
        }
        """);

    // One sample goes ahead of all that is there for several: in a network of a few nanoseconds the checks alone are a tenth.
    private void WriteForward()
    {
        Document();
        using (Writer.Block($"public void Forward({Inputs} inputs, {Outputs} outputs)"))
        {
            using (Writer.Block("if (inputs.Length == InputSize && outputs.Length == OutputSize)"))
            {
                Writer.Line("BpKernels::ArgumentGuard.NoOverlap(inputs, outputs, \"outputs\");");
                Writer.Line("ref float parameters = ref _parameters.Reference;");
                WriteReferences("outputs", "y");
                DispatchOne(Plan.Kernels.ForwardOne, "ForwardOne(ref parameters, ref x, ref y");
            }
            Writer.Line("else");
            Writer.Line("    Passes.Forward(this, inputs, outputs);");
        }
    }

    private void WriteLoss()
    {
        Document();
        using (Writer.Block($"public float ComputeLoss({Inputs} inputs, {Inputs} targets)"))
        {
            WriteSamples("targets");
            WriteReferences("targets", "t");
            Writer.Line("return");
            Writer.Line("    samples == 1 ? Passes.LossOne(this, ref x, ref t)");
            if (Plan.OneByOneBelow is not null)
                Writer.Line($"    : samples < {Plan.OneByOneBelow} ? Passes.LossEach(this, ref x, ref t, samples)");
            Writer.Line("    : Passes.Loss(this, ref x, ref t, samples);");
        }
    }

    private void WriteBackward()
    {
        Document();
        using (Writer.Block($"public float Backward({Inputs} inputs, {Inputs} targets, {Outputs} gradient)"))
        {
            WriteSamples("targets");
            WriteGradientChecks("gradient");
            WriteReferences("targets", "t");
            Writer.Line("return samples == 1");
            Writer.Line($"    ? Passes.BackwardOne(this, ref x, ref t, gradient, {NullReference})");
            Writer.Line($"    : Passes.Backward(this, ref x, ref t, samples, gradient, {NullReference});");
        }
        Document();
        using (Writer.Block($"public float Backward({Inputs} inputs, {Inputs} targets, {Outputs} gradient, {Outputs} inputGradient)"))
        {
            WriteSamples("targets");
            Writer.Line("BpKernels::ArgumentGuard.PerSample(inputGradient.Length, samples, InputSize, \"inputGradient\");");
            WriteGradientChecks("gradient");
            WriteGradientChecks("inputGradient");
            Writer.Line("BpKernels::ArgumentGuard.NoOverlap<float>(gradient, inputGradient, \"inputGradient\");");
            WriteReferences("targets", "t");
            Writer.Line("ref float dx = ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(inputGradient);");
            Writer.Line("return samples == 1 ? Passes.BackwardOne(this, ref x, ref t, gradient, ref dx) : Passes.Backward(this, ref x, ref t, samples, gradient, ref dx);");
        }
    }

    private void WriteGradientChecks(string argument)
    {
        if (argument == "gradient")
            Writer.Line("BpKernels::ArgumentGuard.Exact(gradient.Length, ParameterCount, \"gradient\");");
        Writer.Line($"BpKernels::ArgumentGuard.NoOverlap(inputs, {argument}, \"{argument}\");");
        Writer.Line($"BpKernels::ArgumentGuard.NoOverlap(targets, {argument}, \"{argument}\");");
    }

    private void WriteTrainStep()
    {
        Document();
        using (Writer.Block($"public float TrainStep({Inputs} inputs, {Inputs} targets, float learningRate)"))
        {
            WriteSamples("targets");
            Writer.Line("BpKernels::ArgumentGuard.LearningRate(learningRate);");
            WriteReferences("targets", "t");
            Writer.Line("var sink = new BpKernels::SgdUpdate(learningRate);");
            Writer.Line("return Passes.Train(this, ref x, ref t, samples, ref sink);");
        }
        Document();
        using (Writer.Block($"public float TrainStep<TOptimizer>({Inputs} inputs, {Inputs} targets, ref TOptimizer optimizer) where TOptimizer : struct, global::Backprop.IOptimizer"))
        {
            WriteSamples("targets");
            Writer.Line("optimizer.BeginStep(this, _parameters.Length);");
            WriteReferences("targets", "t");
            using (Writer.Block("if (BpKernels::SgdUpdate.IsAllOf(ref optimizer, out BpKernels::SgdUpdate plain))"))
                Writer.Line("return Passes.Train(this, ref x, ref t, samples, ref plain);");
            Writer.Line("var sink = new BpKernels::OptimizerUpdate<TOptimizer>(optimizer, _gradientBlock);");
            Writer.Line("float loss = Passes.Train(this, ref x, ref t, samples, ref sink);");
            Writer.Line("optimizer = sink.Optimizer;");
            Writer.Line("return loss;");
        }
    }

    private void WriteGradientSource()
    {
        const string source = "global::Backprop.Kernels.IGradientSource";
        Writer.Lines($"""

            int {source}.SliceSize => {Plan.SliceSize};

            int {source}.ScratchLength => {Plan.GradientBatch.Length};

            BpKernels::AlignedBuffer {source}.Parameters => _parameters;

            float {source}.LossScale(int samples) => {Scale};

            {Names.Optimized}
            """);
        using (Writer.Block($"float {source}.StoreGradient(ref float x, ref float t, int samples, float scale, ref float gradient, ref float scratch)"))
        {
            Writer.Line("ref float parameters = ref _parameters.Reference;");
            Writer.Line("var sink = new BpKernels::GradientStore();");
            Writer.Line($"return Passes.GradientBatch(ref parameters, ref x, ref t, samples, scale, ref gradient, ref sink, {NullReference}, ref scratch);");
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
            using (Writer.Block(signature))
            {
                Writer.Line($"BpKernels::ArgumentGuard.Exact({argument}.Length, ParameterCount, \"{argument}\");");
                Writer.Line("ref float parameters = ref _parameters.Reference;");
                WriteCanonical(argument, pack);
            }
        }
    }

    private void Document(bool optimized = true)
    {
        Writer.Line();
        Writer.Line("/// <inheritdoc/>");
        if (optimized)
            Writer.Line(Names.Kernel);
    }
}
