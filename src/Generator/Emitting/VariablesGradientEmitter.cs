using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the training of a single sample in variables, for one layer, or two of which the last lies along its inputs. Through memory each layer would wait for what
/// the one before it has just stored (measured, Zen 5: a step of 6-32-2 takes 27 ns in place of 31). The gradient of the first layer is in the same method where the
/// JIT inlines so much.
/// </summary>
internal sealed class VariablesGradientEmitter(SourceWriter writer, KernelContext context, SingleForwardEmitter forward, OutputRegistersEmitter output)
{
    private readonly OuterProductEmitter _products = new(writer, context);
    private readonly LayerPlan _first = context.Plan.Layers[0];
    private readonly DotVariablesEmitter? _last = context.Plan.Dots is null ? null : new DotVariablesEmitter(writer, context, output);
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);

    private int Vectors => _first.Layout.PaddedUnits / _vector.Lanes;

    /// <summary>Writes the method.</summary>
    public void Write()
    {
        writer.Line();
        writer.Line("/// <summary>One sample: its loss, still to be multiplied by scale, its gradient into the sink, and that by the inputs where dx is not null.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.GradientOne.Declare("internal static")))
        {
            forward.WriteUpToOutput("", training: true);
            output.Write(OutputResult.Delta, apart: _last is not null);
            _last?.Write();
            WriteStores();
            if (context.Schedule.One.InlinesStep)
                WriteFirst();
            else
                writer.Line("BackwardOne1(ref x, ref stored, ref target, ref sink);");
            // Last, since what is live across a call is in memory from where it is computed on. Where dx is asked for, the gradient goes to a buffer, not into the parameters.
            writer.Line("if (!BpMem::Unsafe.IsNullRef(ref dx))");
            writer.Line("    InputGradientOne(ref parameters, ref stored, ref dx);");
            output.WriteLoss();
        }
    }

    private void WriteStores()
    {
        writer.Line($"// δ1 for what takes it from memory: {(context.Schedule.One.InlinesStep ? "a sink, a block at a time, and ∂C/∂x" : "the other gradients")}.");
        writer.Line($"ref float stored = {VectorSyntax.At("scratch", $"{context.Plan.Kernels.GradientOne[_last is null ? "z" : "delta1"].Offset}")};");
        for (int v = 0; v < Vectors; v++)
            writer.Line(_vector.Store(Delta(v), "stored", v * _vector.Lanes));
    }

    // ∂C/∂W1 = x·δ1ᵀ, ∂C/∂b1 = δ1.
    private void WriteFirst()
    {
        writer.Line($"// ∂C/∂W1[{_first.Inputs},{_first.Units}] = x·δ1ᵀ{(_first.Dense.Bias ? ", ∂C/∂b1 = δ1" : "")}.");
        PanelLayout layout = _first.Layout;
        for (int panel = 0; panel < layout.Panels; panel++)
        {
            using (layout.Panels > 1 ? writer.Block() : (SourceWriter.Scope?)null)
                WritePanel(new PanelGroup(layout.Width(panel), 1, layout.FirstUnit(panel), layout.Offset(panel)));
        }
    }

    private void WritePanel(PanelGroup panel)
    {
        writer.Line($"ref float block = {VectorSyntax.At("target", $"{panel.Offset}")};");
        string Lanes(int place)
        {
            int v = (panel.FirstUnit + place) / _vector.Lanes;
            return _last is null && v < output.Vectors ? Delta(v) : $"({_vector.Wrapper}){Delta(v)}";
        }
        if (_first.Dense.Bias)
        {
            int row = _first.Inputs * panel.Width;
            writer.Line($"ref float biases = ref BpMem::Unsafe.Add(ref block, {row});");
            for (int place = 0; place < panel.Width; place += _vector.Lanes)
                writer.Line($"sink.AcceptScaled(ref biases, {place}, {Lanes(place)});");
            writer.Line($"sink.Complete(ref biases, {panel.Offset + row}, {panel.Width});");
        }
        using (writer.Block("if (sink.TakesProductVectors)"))
            _products.Write(panel, context.RowTile(_first.Layout, panel), _first.Inputs, "block", (_, place) => Lanes(place));
        writer.Line($"sink.CompleteProduct<{_vector.Wrapper}>(ref block, {panel.Offset}, ref x, {_first.Inputs}, {VectorSyntax.At("stored", $"{panel.FirstUnit}")}, {panel.Width});");
    }

    // The variable of a vector of δ1; of the only layer those of its output.
    private string Delta(int v) => _last is not null ? _last.Below(v) : v < output.Vectors ? $"delta{v}" : _vector.Zero;
}
