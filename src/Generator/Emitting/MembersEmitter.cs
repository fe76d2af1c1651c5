using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the public members of a network, all of which the runtime implements (its NetworkPasses), and the struct that these are
/// generic over.
/// </summary>
internal sealed class MembersEmitter(SourceWriter writer, NetworkPlan plan, string name)
{
    private const string Inputs = "global::System.ReadOnlySpan<float>";
    private const string Outputs = "global::System.Span<float>";

    public void Write()
    {
        WriteConstants();
        WriteConstruction();
        WriteMembers();
        WriteGradientSource();
        new WidestKernelsEmitter(writer, plan).Write();
        ProductShapes.Write(writer, plan);
    }

    private void WriteConstants()
    {
        writer.Lines($"""
            /// <summary>The number of inputs of one sample.</summary>
            public const int InputSize = {plan.Spec.Inputs};

            /// <summary>The number of outputs of one sample.</summary>
            public const int OutputSize = {plan.Spec.Outputs};

            /// <summary>The number of parameters.</summary>
            public const int ParameterCount = {plan.Spec.ParameterCount};

            private readonly BpKernels::ParameterBuffer _parameters = new BpKernels::ParameterBuffer({plan.ParameterLength});
            private readonly BpKernels::AlignedBuffer _gradientBlock = new BpKernels::AlignedBuffer(BpKernels::GradientBlock.MaxLength);
            """);
        writer.Line();
        writer.Line("/// <summary>The specification that the network was generated from.</summary>");
        writer.Line($"public static global::Backprop.NetworkSpec Spec {{ get; }} = new global::Backprop.NetworkSpec({plan.Spec.Inputs}, new global::Backprop.DenseSpec[]");
        writer.Line("{");
        foreach (DenseSpec layer in plan.Spec.Layers)
            writer.Line($"    new global::Backprop.DenseSpec({layer.Units}, global::Backprop.Activation.{layer.Activation}) {{ Bias = {(layer.Bias ? "true" : "false")}, Initializer = global::Backprop.Initializer.{layer.Initializer} }},");
        writer.Lines($$"""
            })
            {
                Loss = global::Backprop.Loss.{{plan.Spec.Loss}},
                Reduction = global::Backprop.Reduction.{{plan.Spec.Reduction}},
                BatchSize = {{plan.Spec.BatchSize}},
                Unroll = global::Backprop.Unroll.{{plan.Spec.Unroll}},
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

    private void WriteMembers()
    {
        // What one sample takes of it, checks and a call, becomes part of its callers: a call less.
        Member($"void Forward({Inputs} inputs, {Outputs} outputs)", "Forward(ref _parameters.Reference, inputs, outputs)", Names.Inlined);
        Member($"float ComputeLoss({Inputs} inputs, {Inputs} targets)", "ComputeLoss(ref _parameters.Reference, inputs, targets)");
        Member($"float Backward({Inputs} inputs, {Inputs} targets, {Outputs} gradient)", "Backward(ref _parameters.Reference, inputs, targets, gradient)");
        Member($"float Backward({Inputs} inputs, {Inputs} targets, {Outputs} gradient, {Outputs} inputGradient)",
            "Backward(ref _parameters.Reference, inputs, targets, gradient, inputGradient)");
        Member($"float TrainStep({Inputs} inputs, {Inputs} targets, float learningRate)", "TrainStep(ref _parameters.Reference, inputs, targets, learningRate)");
        Member($"float TrainStep<TOptimizer>({Inputs} inputs, {Inputs} targets, ref TOptimizer optimizer) where TOptimizer : struct, global::Backprop.IOptimizer",
            "TrainStep(this, ref _parameters.Reference, _gradientBlock, inputs, targets, ref optimizer)");
        Member($"void CopyParametersTo({Outputs} destination)", "CopyParametersTo(ref _parameters.Reference, destination)");
        Member($"void LoadParameters({Inputs} source)", "LoadParameters(ref _parameters.Reference, source)");
    }

    private void Member(string signature, string call, string attribute = Names.Kernel) => writer.Lines($"""

        /// <inheritdoc/>
        {attribute}
        public {signature} =>
            {Names.Passes}.{call};
        """);

    private void WriteGradientSource()
    {
        const string source = "BpKernels::IGradientSource";
        writer.Lines($"""

            int {source}.SliceSize => {plan.SliceSize};

            bool {source}.FillsSlices => {(plan.GradientFillsSlices ? "true" : "false")};

            int {source}.ScratchLength => {plan.LongestGradientScratch};

            BpKernels::AlignedBuffer {source}.Parameters => _parameters.Buffer;

            float {source}.LossScale(int samples) => {Names.Passes}.Scale(samples);

            {Names.Optimized}
            float {source}.StoreGradient(ref float x, ref float t, int samples, float scale, ref float gradient, ref float scratch) =>
                {Names.Passes}.StoreGradient(ref _parameters.Reference, ref x, ref t, samples, scale, ref gradient, ref scratch);
            """);
    }
}
