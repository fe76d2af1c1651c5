using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>What the members of a network share: scratch memory, the choice of the vector width, canonical order.</summary>
internal abstract class EntryEmitter(SourceWriter writer, NetworkPlan plan)
{
    protected const string Inputs = "global::System.ReadOnlySpan<float>";

    protected const string Outputs = "global::System.Span<float>";

    /// <summary>The reference that says that no gradient by the inputs is wanted.</summary>
    protected const string NullReference = "ref BpMem::Unsafe.NullRef<float>()";

    protected SourceWriter Writer { get; } = writer;

    protected NetworkPlan Plan { get; } = plan;

    protected NetworkSpec Spec => Plan.Spec;

    /// <summary>What the summed loss of a batch, and δ, are multiplied by.</summary>
    protected string Scale => Spec.LossDivisor == 1 ? "1f / samples" : $"1f / ((float)samples * {Spec.LossDivisor})";

    /// <summary>The same for one sample.</summary>
    protected string ScaleOfOne => Names.ScaleOfOne(Spec);

    /// <summary>Writes the number of samples, and the checks of the lengths.</summary>
    protected void WriteSamples(string other)
    {
        Writer.Line("int samples = BpKernels::ArgumentGuard.Samples(inputs.Length, InputSize);");
        Writer.Line($"BpKernels::ArgumentGuard.PerSample({other}.Length, samples, OutputSize, \"{other}\");");
    }

    /// <summary>Writes the references to the first input and the first of the other argument.</summary>
    protected void WriteReferences(string other, string reference)
    {
        const string marshal = "global::System.Runtime.InteropServices.MemoryMarshal";
        Writer.Line($"ref float x = ref {marshal}.GetReference(inputs);");
        Writer.Line($"ref float {reference} = ref {marshal}.GetReference({other});");
    }

    /// <summary>Writes a body that has a reference <c>scratch</c>: to the stack, or to a rented buffer where it is too large.</summary>
    protected void WithScratch(ScratchPlan scratch, Action body)
    {
        if (scratch.OnStack)
        {
            Writer.Line($"global::System.Span<float> stack = stackalloc float[{scratch.Length + PanelLayout.Alignment}];");
            Writer.Line("ref float scratch = ref BpKernels::Scratch.Align(stack);");
            body();
            return;
        }
        Writer.Line("BpKernels::AlignedBuffer buffer = Passes.Scratch.Rent();");
        using (Writer.Block("try"))
        {
            Writer.Line("ref float scratch = ref buffer.Reference;");
            body();
        }
        using (Writer.Block("finally"))
            Writer.Line("Passes.Scratch.Return(buffer);");
    }

    /// <summary>Writes the call of a kernel of the widest vectors there are: the JIT leaves one branch.</summary>
    protected void Dispatch(string call, string result = "") => Dispatch(Plan.Widths, call, result);

    /// <summary>The same, of some widths.</summary>
    protected void Dispatch(IEnumerable<WidthPlan> widths, string call, string result = "") => Dispatch(widths, _ => $"{call};", result);

    /// <summary>Writes the call of a single sample's kernel, which takes scratch unless it keeps everything in registers.</summary>
    /// <param name="call">The call but for that argument and the closing parenthesis.</param>
    /// <param name="result">What precedes the call.</param>
    protected void DispatchOne(string call, string result) => Dispatch(Plan.Widths, width => CallOne(width, call), result);

    /// <summary>The same, with scratch provided where it is taken.</summary>
    protected void DispatchOne(ScratchPlan scratch, string call, string result = "")
    {
        WidthPlan[] inRegisters = [.. Plan.Widths.TakeWhile(width => width.OneInRegisters)];
        if (inRegisters.Length == 0)
        {
            WithRemaining();
            return;
        }
        // A branch that is not taken costs nothing: the JIT does not look into it.
        Dispatch(inRegisters, width => CallOne(width, call), result);
        Writer.Line("else");
        using (Writer.Block())
            WithRemaining();

        void WithRemaining() =>
            WithScratch(scratch, () => Dispatch(Plan.Widths.Skip(inRegisters.Length), width => CallOne(width, call), result));
    }

    private static string CallOne(WidthPlan width, string call) => width.OneInRegisters ? $"{call});" : $"{call}, ref scratch);";

    private void Dispatch(IEnumerable<WidthPlan> widths, Func<WidthPlan, string> call, string result)
    {
        string otherwise = "";
        foreach (WidthPlan width in widths)
        {
            string kernel = $"{result}{KernelClassEmitter.Name(width.Width)}.{call(width)}";
            string condition = width.Width.Lanes > 1 ? $"{otherwise}if (BpSimd::Vector{width.Width.Bits}.IsHardwareAccelerated)" : otherwise.TrimEnd();
            if (condition != "")
                Writer.Line(condition);
            Writer.Line(condition == "" ? kernel : $"    {kernel}");
            otherwise = "else ";
        }
    }

    /// <summary>
    /// Writes a body that dispatches a batch's kernels, with their scratch: where samples go into the lanes of vectors, those
    /// kernels take much less than the one without vectors.
    /// </summary>
    /// <param name="lanes">The scratch of kernels with the samples in the lanes, or null where there are none.</param>
    /// <param name="others">That of the others.</param>
    /// <param name="body">Writes what dispatches to the given widths.</param>
    protected void WithBatchScratch(ScratchPlan? lanes, ScratchPlan others, Action<IEnumerable<WidthPlan>> body)
    {
        if (lanes is null)
        {
            WithScratch(others, () => body(Plan.Widths));
            return;
        }
        using (Writer.Block("if (BpSimd::Vector128.IsHardwareAccelerated)"))
            WithScratch(lanes, () => body(Plan.Widths.Where(width => width.BatchInLanes)));
        using (Writer.Block("else"))
            WithScratch(others, () => body(Plan.Widths.Where(width => !width.BatchInLanes)));
    }

    /// <summary>Writes the copies between the parameter buffer, or a gradient in its order, and canonical order.</summary>
    protected void WriteCanonical(string argument, string pack, string packed = "parameters")
    {
        int canonical = 0;
        foreach (LayerPlan layer in Plan.Layers)
        {
            int count = layer.Units * (layer.Inputs + (layer.Dense.Bias ? 1 : 0));
            string at = VectorSyntax.At(packed, $"{layer.Offset}"), slice = $"{argument}.Slice({canonical}, {count})";
            Writer.Line(pack == "Pack"
                ? $"BpKernels::PackedParameters.Pack(Passes.Layout{layer.Number}, {slice}, {at});"
                : $"BpKernels::PackedParameters.Unpack(Passes.Layout{layer.Number}, {at}, {slice});");
            canonical += count;
        }
    }
}
