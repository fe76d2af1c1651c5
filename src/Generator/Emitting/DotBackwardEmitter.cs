using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes a single sample's way back through a last layer that lies along its inputs. δ of a unit is a number, times which its row of weights is a part of
/// Wᵀδ, and the activations are the gradient of the row: vectors run over the inputs, and nothing is added up across lanes.
/// </summary>
internal sealed class DotBackwardEmitter(SourceWriter writer, KernelContext context)
{
    private readonly LayerPlan _layer = context.Plan.Output;
    private readonly DotLayout _layout = context.Plan.Dots!;
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);
    private readonly DotLoopEmitter _loops = new(writer, context.Plan.Dots!, context.Width.Lanes);

    /// <summary>Writes the pass, as a method with the parameters of other layers' passes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attribute">How the JIT is to compile it.</param>
    public void Write(string name, string attribute)
    {
        LayerPlan below = context.Plan.Layers[_layer.Number - 2];
        VectorSyntax units = context.Vector(_layer);
        writer.Line();
        writer.Line($"/// <summary>One sample: δ{below.Number}[{below.Units}] = W{_layer.Number}ᵀ·δ{_layer.Number}{Names.TimesDerivative(below)}, and ∂C/∂W{_layer.Number}[{_layer.Units},{_layer.Inputs}] = δ{_layer.Number}·a{below.Number}ᵀ{(_layout.Bias ? $", ∂C/∂b{_layer.Number} = δ{_layer.Number}" : "")}, from the parameter first on.</summary>");
        writer.Line(attribute);
        using (writer.Block($"private static void {name}<TSink>(ref float parameters, ref float a, ref float delta, ref float previous, ref float target, int first, ref TSink sink) {Names.SinkConstraint}"))
        {
            for (int u = 0; u < _layout.Units; u++)
                writer.Line($"var delta{u} = {_vector.Broadcast(VectorSyntax.Element("delta", u))};");
            DotRun[] runs = [.. DotRun.Of(_layout, PanelLayout.MaxBlockLength)];
            foreach (DotRun run in runs)
                WriteRun(run, below, ownScope: runs.Length == 1);
            if (!_layout.Bias)
                return;
            writer.Line($"ref float biases = {VectorSyntax.At("target", $"first + {_layout.BiasOffset}")};");
            for (int v = 0; v < _layer.Layout.PaddedUnits / units.Lanes; v++)
                writer.Line($"sink.AcceptScaled<{units.Wrapper}>(ref biases, {v * units.Lanes}, {units.Load("delta", v * units.Lanes)});");
            writer.Line($"sink.Complete(ref biases, first + {_layout.BiasOffset}, {_layer.Layout.PaddedUnits});");
        }
    }

    // A panel is a block for the sink.
    private void WriteRun(DotRun run, LayerPlan below, bool ownScope)
    {
        using (_loops.Panels(run, ownScope))
        {
            writer.Line($"int offset = {VectorSyntax.Sum("first", _loops.Offset(run))};");
            writer.Line("ref float w = ref BpMem::Unsafe.Add(ref parameters, offset);");
            writer.Line("ref float block = ref BpMem::Unsafe.Add(ref target, offset);");
            writer.Line($"ref float x = {VectorSyntax.At("a", DotLoopEmitter.FirstInput(run))};");
            writer.Line($"ref float to = {VectorSyntax.At("previous", DotLoopEmitter.FirstInput(run))};");
            int step = DotPlanner.GradientVectors(_layout) * _vector.Lanes, looped = run.Width / step * step;
            if (looped == step)
                looped = 0;
            if (looped > 0)
            {
                using (writer.Block($"for (int k = 0; k < {looped}; k += {step})"))
                {
                    WriteStep();
                    WriteVectors(run, below, ("wk", "xk", "toK", "k"), 0, step);
                }
            }
            WriteVectors(run, below, ("w", "x", "to", ""), looped, run.Width - looped);
            if (run.HasTail)
                WriteTail(run, below);
            writer.Line($"sink.Complete(ref block, offset, {_layout.Units * run.RowWidth});");
        }
    }

    // The last 16 inputs, of which some are padding: a vector, or several narrower ones in a loop.
    private void WriteTail(DotRun run, LayerPlan below)
    {
        if (_vector.Lanes == PanelLayout.Alignment)
        {
            WriteVector(run, below, ("w", "x", "to", ""), run.Width, "Tail", $"{_layout.Tail}");
            return;
        }
        using (writer.Block($"for (int k = {run.Width}; k < {run.RowWidth}; k += {_vector.Lanes})"))
        {
            WriteStep();
            WriteVector(run, below, ("wk", "xk", "toK", "k"), 0, "Tail", $"{run.Width + _layout.Tail} - k");
        }
    }

    private void WriteStep()
    {
        writer.Line("ref float wk = ref BpMem::Unsafe.Add(ref w, k);");
        writer.Line("ref float xk = ref BpMem::Unsafe.Add(ref x, k);");
        writer.Line("ref float toK = ref BpMem::Unsafe.Add(ref to, k);");
    }

    // Some vectors of inputs: δ below before the gradient, which changes the weights.
    private void WriteVectors(DotRun run, LayerPlan below, (string W, string X, string To, string Step) at, int first, int length)
    {
        for (int k = first; k < first + length; k += _vector.Lanes)
            WriteVector(run, below, at, k, $"{k / _vector.Lanes}");
    }

    // A tail's first lanes alone count.
    private void WriteVector(DotRun run, LayerPlan below, (string W, string X, string To, string Step) at, int k, string name, string? count = null)
    {
        string x = $"x{name}", sum = $"p{name}";
        string inputs = _vector.Load(at.X, k);
        writer.Line($"var {x} = {(count is null ? inputs : $"({_vector.Type}){_vector.Wrapper}.KeepFirst({inputs}, {count})")};");
        DotDelta.Write(writer, _vector, _layout.Units, u => _vector.Load(at.W, u * run.RowWidth + k), u => $"delta{u}", sum);
        for (int u = 0; u < _layout.Units; u++)
            writer.Line($"sink.AcceptScaled<{_vector.Wrapper}>(ref block, {VectorSyntax.Sum(at.Step, $"{u * run.RowWidth + k}")}, delta{u} * {x});");
        string factor = below.StoresDerivative ? $" * {_vector.Load(at.To, k)}"
            : below.Activation == Activation.Identity ? ""
            : $" * {_vector.Call($"{below.Activation}.DerivativeFromOutput", x)}";
        writer.Line(_vector.Store($"{sum}{factor}", at.To, k));
    }
}
