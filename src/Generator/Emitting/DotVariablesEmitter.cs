using Backprop.Generator.Planning;
using static Backprop.Generator.Emitting.WrittenOutProductEmitter;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes a single sample's way back through a last layer that lies along its inputs, in variables: from those of its δ and of the activations below to those of δ below.
/// </summary>
internal sealed class DotVariablesEmitter(SourceWriter writer, KernelContext context, OutputRegistersEmitter output)
{
    private readonly LayerPlan _below = context.Plan.Layers[context.Plan.Layers.Count - 2];
    private readonly LayerPlan _layer = context.Plan.Output;
    private readonly DotLayout _layout = context.Plan.Dots!;
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);

    // Each is a block for the sink.
    private readonly DotRun[] _panels = [.. DotRun.Of(context.Plan.Dots!, PanelLayout.MaxBlockLength).SelectMany(run => run.Apart(context.Plan.Dots!.Units))];

    private VectorSyntax Outputs => context.Vector(_layer);

    /// <summary>The variable of a vector of δ below.</summary>
    public string Below(int v) => $"delta{_below.Number}_{v}";

    /// <summary>Writes it.</summary>
    public void Write()
    {
        WriteDeltaBelow();
        WriteGradient();
    }

    // δ below = Wᵀ·δ ∘ φ′: a unit's row of weights times a number.
    private void WriteDeltaBelow()
    {
        string w = $"w{_layer.Number}";
        output.WriteFactors(_vector);
        writer.Line($"// δ{_below.Number}[{_below.Units}] = W{_layer.Number}ᵀ·δ{_layer.Number}{Names.TimesDerivative(_below)}.");
        writer.Line($"ref float {w} = {VectorSyntax.At("parameters", $"{_layer.Offset}")};");
        for (int u = 0; u < _layout.Units; u++)
            writer.Line($"var {Delta(u)} = {RegisterSyntax.Rearrange($"({Outputs.Type})delta{u / Outputs.Lanes}", Outputs.Lanes, [.. Enumerable.Repeat(u % Outputs.Lanes, _vector.Lanes)])};");
        for (int v = 0; v < _below.Layout.PaddedUnits / _vector.Lanes; v++)
        {
            int real = _below.Units - v * _vector.Lanes;
            string a = Activations(_below, v);
            if (real < _vector.Lanes)
                writer.Line($"{a} = {(real > 0 ? $"{_vector.Wrapper}.KeepFirst({a}, {real})" : _vector.Zero)};");
            DotRun panel = _panels.Last(panel => panel.FirstInput <= v * _vector.Lanes);
            DotDelta.Write(writer, _vector, _layout.Units, u => _vector.Load(w, panel.Offset + Place(panel, u, v)), Delta, Below(v));
            writer.Line($"{Below(v)} *= {(Derivative(v) is { } derivative ? $"{derivative} * " : "")}factors;");
        }
    }

    private string? Derivative(int v) =>
        _below.StoresDerivative ? $"({_vector.Type}){SingleForwardEmitter.Slope(_below, v)}"
        : _below.Activation == Activation.Identity ? null
        : _vector.Call($"{_below.Activation}.DerivativeFromOutput", Activations(_below, v));

    // ∂C/∂W = δ·aᵀ, ∂C/∂b = δ.
    private void WriteGradient()
    {
        int number = _layer.Number;
        writer.Line($"// ∂C/∂W{number}[{_layout.Units},{_layout.Inputs}] = δ{number}·a{_below.Number}ᵀ{(_layout.Bias ? $", ∂C/∂b{number} = δ{number}" : "")}.");
        foreach (DotRun panel in _panels)
        {
            string block = $"block{number}{(_panels.Length == 1 ? "" : $"From{panel.FirstInput}")}";
            int offset = _layer.Offset + panel.Offset;
            writer.Line($"ref float {block} = {VectorSyntax.At("target", $"{offset}")};");
            for (int v = panel.FirstInput / _vector.Lanes; v < (panel.FirstInput + panel.RowWidth) / _vector.Lanes; v++)
            {
                string scaled = $"scaled{v}";
                writer.Line($"var {scaled} = {Activations(_below, v)} * factors;");
                for (int u = 0; u < _layout.Units; u++)
                    writer.Line($"sink.AcceptScaled<{_vector.Wrapper}>(ref {block}, {Place(panel, u, v)}, {Delta(u)} * {scaled});");
            }
            writer.Line($"sink.Complete(ref {block}, {offset}, {_layout.Units * panel.RowWidth});");
        }
        if (!_layout.Bias)
            return;
        int place = _layer.Offset + _layout.BiasOffset;
        writer.Line($"ref float biases{number} = {VectorSyntax.At("target", $"{place}")};");
        for (int v = 0; v < _layer.Layout.PaddedUnits / Outputs.Lanes; v++)
            writer.Line($"sink.AcceptScaled<{Outputs.Wrapper}>(ref biases{number}, {v * Outputs.Lanes}, {(v < output.Vectors ? $"delta{v} * factor" : Outputs.Zero)});");
        writer.Line($"sink.Complete(ref biases{number}, {place}, {_layer.Layout.PaddedUnits});");
    }

    // A vector of a unit's weights, from its panel's start.
    private int Place(DotRun panel, int unit, int v) => unit * panel.RowWidth + v * _vector.Lanes - panel.FirstInput;

    // δ of a unit in every lane.
    private string Delta(int unit) => $"delta{_layer.Number}Of{unit}";
}
