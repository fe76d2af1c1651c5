using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the kernels of a single sample for a network of one layer that lies along its inputs: z and δ stay in registers, and nothing takes scratch.
/// </summary>
internal sealed class SingleDotEmitter(SourceWriter writer, KernelContext context, OutputRegistersEmitter output, DotRowEmitter row)
{
    private readonly LayerPlan _layer = context.Plan.Output;
    private readonly DotLayout _layout = context.Plan.Dots!;
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);
    private readonly VectorSyntax _units = context.Vector(context.Plan.Output);
    private readonly DotLoopEmitter _loops = new(writer, context.Plan.Dots!, context.Width.Lanes);

    /// <summary>Writes outputs, loss, and gradient.</summary>
    public void Write()
    {
        row.Write();
        WriteMethod("its outputs", KernelSignature.ForwardOne, OutputResult.Outputs);
        WriteMethod("its loss, still to be divided", KernelSignature.LossOne, OutputResult.Loss);
        WriteMethod("its loss, still to be divided, its gradient into the sink, and that by the inputs where dx is not null", KernelSignature.GradientOne, OutputResult.Delta);
        WriteWeightGradient();
        WriteInputGradient();
    }

    private IEnumerable<int> Vectors => Enumerable.Range(0, output.Vectors);

    private void WriteMethod(string what, KernelSignature kernel, OutputResult result)
    {
        writer.Line();
        writer.Line($"/// <summary>One sample: {what}.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(kernel.Declare("internal static", scratch: false)))
        {
            if (row.InRegisters)
                WriteInRegisters(result);
            else
                WriteInMemory(result);
            if (result == OutputResult.Delta)
                WriteGradient();
            if (result == OutputResult.Outputs)
                return;
            if (row.InRegisters)
                output.WriteLoss();
            else
                writer.Line("return loss;");
        }
    }

    private void WriteInRegisters(OutputResult result)
    {
        writer.Line(row.Call("ref parameters", "ref x"));
        output.Write(result);
        if (result != OutputResult.Delta)
            return;
        for (int u = 0; u < _layer.Units; u++)
            writer.Line($"float d{u} = {(_units.Lanes == 1 ? $"delta{u}" : $"{_units.Factory}.GetElement(({_units.Type})delta{u / _units.Lanes}, {u % _units.Lanes})")};");
    }

    private void WriteInMemory(OutputResult result)
    {
        if (result == OutputResult.Outputs && _layer.ProducesOutputs)
        {
            writer.Line(row.CallStoring("ref parameters", "ref x", "ref y"));
            return;
        }
        WriteStored();
        writer.Line(row.CallStoring("ref parameters", "ref x", "ref z"));
        writer.Line(result switch
        {
            OutputResult.Outputs => "Outputs(ref z, ref y, 1);",
            OutputResult.Loss => "float loss = OutputLoss(ref z, ref t, 1);",
            _ => $"float loss = OutputDelta(ref z, ref t, 1, {Names.ScaleOfDelta(context.Plan.Spec)});",
        });
        if (result != OutputResult.Delta)
            return;
        for (int u = 0; u < _layer.Units; u++)
            writer.Line($"float d{u} = {VectorSyntax.Element("z", u)};");
    }

    // Room for a row of units.
    private void WriteStored()
    {
        writer.Line("BpSimd::Vector512<float> stored = default;");
        writer.Line("ref float z = ref BpMem::Unsafe.As<BpSimd::Vector512<float>, float>(ref stored);");
    }

    private string Deltas(string declaration) => string.Join(", ", Enumerable.Range(0, _layer.Units).Select(u => $"{declaration}d{u}"));

    // ∂C/∂b = δ, and what leads to ∂C/∂W.
    private void WriteGradient()
    {
        if (_layout.Bias)
        {
            writer.Line($"ref float biases = {VectorSyntax.At("target", $"{_layout.BiasOffset}")};");
            for (int v = 0; v < _layer.Layout.PaddedUnits / _units.Lanes; v++)
                writer.Line($"sink.AcceptScaled<{_units.Wrapper}>(ref biases, {v * _units.Lanes}, {(!row.InRegisters ? _units.Load("z", v * _units.Lanes) : v < output.Vectors ? $"delta{v}" : _units.Zero)});");
            writer.Line($"sink.Complete(ref biases, {_layout.BiasOffset}, {_layer.Layout.PaddedUnits});");
        }
        writer.Line($"WeightGradientOne(ref x, {Deltas("")}, ref target, ref sink);");
        // Behind all that is in registers, which a call would put into memory. Where dx is asked for, the gradient goes to a buffer, not into the parameters.
        using (writer.Block("if (!BpMem::Unsafe.IsNullRef(ref dx))"))
        {
            if (row.InRegisters)
            {
                WriteStored();
                foreach (int v in Vectors)
                    writer.Line($"{_units.Wrapper}.Store(delta{v}, ref z, {v * _units.Lanes});");
            }
            writer.Line("InputGradientOne(ref parameters, ref z, ref dx);");
        }
    }

    // ∂C/∂W = δ·xᵀ. A panel is a block for the sink.
    private void WriteWeightGradient()
    {
        writer.Line();
        writer.Line($"/// <summary>One sample: ∂C/∂W1[{_layer.Units},{_layer.Inputs}] = δ1·xᵀ.</summary>");
        writer.Line(context.Schedule.One.InlinesStep ? Names.Inlined : Names.Kernel);
        using (writer.Block($"private static void WeightGradientOne<TSink>(ref float x, {Deltas("float ")}, ref float target, ref TSink sink) {Names.SinkConstraint}"))
        {
            for (int u = 0; u < _layer.Units; u++)
                writer.Line($"var delta{u} = {_vector.Broadcast($"d{u}")};");
            DotRun[] runs = [.. DotRun.Of(_layout, PanelLayout.MaxBlockLength)];
            foreach (DotRun run in runs)
            {
                _loops.Write(run, "target", ownScope: runs.Length == 1, DotPlanner.GradientVectors(_layout), (w, x, step, first, vectors) =>
                {
                    for (int v = 0; v < vectors; v++)
                        WriteVector(run, w, step, $"{first / _vector.Lanes + v}", _vector.Load(x, first + v * _vector.Lanes), first + v * _vector.Lanes);
                }, w =>
                {
                    if (run.HasTail)
                        WriteTail(run, w);
                    writer.Line($"sink.Complete(ref {w}, offset, {_layout.Units * run.RowWidth});");
                });
            }
        }
    }

    // Narrower vectors go through the last 16 inputs in a loop, once those that are not the tail's have become 0.
    private void WriteTail(DotRun run, string w)
    {
        string inputs = $"BpMath::Lanes512.KeepLast({context.Vector(PanelLayout.Alignment).Load("x", _layout.TailInput)}, {_layout.Tail})";
        int at = run.RowWidth - PanelLayout.Alignment;
        writer.Line($"BpSimd::Vector512<float> tail = {inputs};");
        if (_vector.Lanes == PanelLayout.Alignment)
        {
            WriteVector(run, w, "", "Tail", "tail", at);
            return;
        }
        writer.Line("ref float xt = ref BpMem::Unsafe.As<BpSimd::Vector512<float>, float>(ref tail);");
        using (writer.Block($"for (int k = 0; k < {PanelLayout.Alignment}; k += {_vector.Lanes})"))
            WriteVector(run, w, "k", "Tail", _vector.LoadAt("xt", "k"), at);
    }

    private void WriteVector(DotRun run, string w, string step, string name, string x, int at)
    {
        writer.Line($"var x{name} = {x};");
        for (int u = 0; u < _layout.Units; u++)
            writer.Line($"sink.AcceptScaled<{_vector.Wrapper}>(ref {w}, {VectorSyntax.Sum(step, $"{u * run.RowWidth + at}")}, x{name} * delta{u});");
    }

    // ∂C/∂x = Wᵀ·δ. The tail comes first: the vectors before it write once more what its padding has written.
    private void WriteInputGradient()
    {
        writer.Line();
        writer.Line($"/// <summary>One sample: ∂C/∂x[{_layer.Inputs}] = W1ᵀ·δ1.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block("private static void InputGradientOne(ref float parameters, ref float delta, ref float x)"))
        {
            for (int u = 0; u < _layer.Units; u++)
                writer.Line($"var delta{u} = {_vector.Broadcast(VectorSyntax.Element("delta", u))};");
            foreach ((int place, _) in _loops.Tail().Where(vector => vector.Count > 0))
                writer.Line(_vector.Store(Product(u => _vector.Load("parameters", _layout.LastVector(u) + place)), "x", _layout.TailInput + place));
            DotRun[] runs = [.. DotRun.Of(_layout, int.MaxValue).Where(run => run.Width > 0)];
            foreach (DotRun run in runs)
            {
                _loops.Write(run, "parameters", ownScope: runs.Length == 1, DotPlanner.GradientVectors(_layout), (w, x, _, first, vectors) =>
                {
                    for (int v = 0; v < vectors; v++)
                        writer.Line(_vector.Store(Product(u => _vector.Load(w, first + v * _vector.Lanes + u * run.RowWidth)), x, first + v * _vector.Lanes));
                });
            }
        }

        string Product(Func<int, string> weights)
        {
            string sum = $"{weights(0)} * delta0";
            for (int u = 1; u < _layer.Units; u++)
                sum = _vector.MultiplyAddOfMany(weights(u), $"delta{u}", sum);
            return sum;
        }
    }
}
