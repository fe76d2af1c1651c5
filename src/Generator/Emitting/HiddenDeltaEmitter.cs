using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes how δ is propagated down over a batch: δ = (Wᵀδ′) ∘ φ′(z). Weights lie so that vectors run over the outputs of
/// their layer; here vectors run over its inputs, so a panel of W is transposed first. That costs as much as a few samples'
/// share of the product, and a batch has many; a few samples of a large network go along the rows of W instead, which take
/// their gradient as well. Where the weights lie along the inputs, nothing is transposed.
/// </summary>
internal sealed class HiddenDeltaEmitter(SourceWriter writer, KernelContext context)
{
    private readonly ProductRowsEmitter _rows = new(writer, context);

    /// <summary>Writes δ of a hidden layer, from δ′ of the layer above it.</summary>
    public void Write(LayerPlan layer, LayerPlan above)
    {
        PanelGroup[] groups = [.. PanelGroup.Of(above.InputPanels)];
        if (context.Begin(LayerName(layer)))
            WriteLayer(layer, above, groups);
        foreach (PanelGroup group in groups)
            _rows.Write(above.InputPanels, group, above.Units);
    }

    /// <summary>The call that propagates δ down to a hidden layer.</summary>
    public string Call(LayerPlan layer, LayerPlan above, string next) =>
        $"{LayerName(layer)}({VectorSyntax.At("parameters", $"{above.Offset}")}, ref {next}, {(ReadsActivation(layer) ? $"ref a{layer.Number}, " : "")}ref delta{layer.Number}, {(above.TransposesWeights ? "ref transposed, " : "")}samples);";

    /// <summary>The call that does the same for a few samples, and forms the gradient of the layer above as well.</summary>
    public string CallForFew(LayerPlan layer, LayerPlan above, string next)
    {
        string a = $"ref a{layer.Number}", delta = $"ref delta{layer.Number}";
        return $"BpKernels::BackwardRows.Run<{context.Vector(above).Wrapper}, {Result(layer)}, TSink>({Names.Passes}.Layouts[{above.Number - 1}], ref parameters, ref target, {above.Offset}, "
            + $"{a}, {(ReadsActivation(layer) ? a : delta)}, {delta}, {layer.Stride}, {layer.Layout.PaddedUnits}, ref {next}, {above.Stride}, samples, ref sink);";
    }

    private string LayerName(LayerPlan layer)
    {
        LayerPlan above = context.Plan.Layers[layer.Number];
        return context.SharedName($"HiddenDelta{layer.Number}", ("delta", above.Layout, above.Dots, above.Stride, layer.Layout, layer.Stride, layer.Activation));
    }

    private void WriteLayer(LayerPlan layer, LayerPlan above, PanelGroup[] groups)
    {
        string derivative =
            layer.StoresDerivative ? $" ∘ φ′(z{layer.Number}), which the forward pass left in its place"
            : layer.Activation == Activation.Identity ? ""
            : $" ∘ {Names.Formula(layer.Activation)}′(a{layer.Number})";
        writer.Line();
        writer.Line($"/// <summary>Layer {layer.Number}: δ{layer.Number}[s,{layer.Units}] = δ{above.Number}[s,{above.Units}]·W{above.Number}ᵀ{derivative}.{context.Likewise(layer, LayerNameOfHidden)}</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {LayerName(layer)}(ref float parameters, ref float next, {(ReadsActivation(layer) ? "ref float a, " : "")}ref float delta, {(above.TransposesWeights ? "ref float transposed, " : "")}int samples)"))
        {
            foreach (PanelGroup group in groups)
                WritePanels(layer, above, group, groups.Length);
            WritePadding(layer);
        }

        string LayerNameOfHidden(LayerPlan other) => other.IsOutput ? "" : LayerName(other);
    }

    private static bool ReadsActivation(LayerPlan layer) => !layer.StoresDerivative && layer.Activation != Activation.Identity;

    private static string Result(LayerPlan layer) =>
        layer.StoresDerivative ? "BpKernels::TimesStored"
        : ReadsActivation(layer) ? $"BpKernels::TimesDerivative<BpMath::{layer.Activation}>"
        : $"BpKernels::Activated<BpMath::{nameof(Activation.Identity)}>";

    private void WritePanels(LayerPlan layer, LayerPlan above, PanelGroup group, int groups)
    {
        using (TileEmitter.PanelLoop(writer, group, groups))
        {
            writer.Line($"int first = {TileEmitter.Offset(group, group.FirstUnit, group.Width, column: false)};");
            string weights = "transposed";
            if (above.TransposesWeights)
                WriteTransposition(above, group);
            else
            {
                writer.Line($"ref float w = {VectorSyntax.At("parameters", TileEmitter.Offset(group, above.Units * group.FirstUnit, above.Units * group.Width, column: false))};");
                weights = "w";
            }
            string from = VectorSyntax.At(ReadsActivation(layer) ? "a" : "delta", "first");
            writer.Line($"{_rows.Name(above.InputPanels, group, above.Units)}<{ProductShapes.OfDelta(context.Plan, layer, group)}, {Result(layer)}>(ref {weights}, ref next, {from}, {VectorSyntax.At("delta", "first")}, samples);");
        }
    }

    // transposed[u, i] = W[first + i, u], for the inputs of one panel and all units u; 0 beyond the last input.
    private void WriteTransposition(LayerPlan above, PanelGroup inputs)
    {
        bool whole = inputs.FirstUnit + inputs.Count * inputs.Width <= above.Inputs;
        string rows = whole ? $"{inputs.Width}"
            : inputs.Count == 1 ? $"{above.Inputs - inputs.FirstUnit}"
            : $"global::System.Math.Min({inputs.Width}, {above.Inputs} - first)";
        string transpose = whole ? "Transpose" : $"TransposePadded<{context.Vector(context.Lanes(above.InputPanels)).Wrapper}>";
        writer.Line($"// transposed[{above.Units},{inputs.Width}] = W{above.Number}ᵀ, its columns from first on.");
        foreach (PanelGroup weights in PanelGroup.Of(above.Layout))
        {
            bool loops = weights.Count > 1;
            string unit = !loops ? $"{weights.FirstUnit}" : weights.FirstUnit == 0 ? $"q * {weights.Width}" : $"{weights.FirstUnit} + q * {weights.Width}";
            string source = VectorSyntax.Sum($"{weights.Offset}{(loops ? $" + q * {above.Layout.Rows * weights.Width}" : "")}", $"first * {weights.Width}");
            string columns =
                weights.FirstUnit + weights.Count * weights.Width <= above.Units ? $"{weights.Width}"
                : loops ? $"global::System.Math.Min({weights.Width}, {above.Units} - ({unit}))"
                : $"{above.Units - weights.FirstUnit}";
            if (loops)
                writer.Line($"for (int q = 0; q < {weights.Count}; q++)");
            writer.Line($"{(loops ? "    " : "")}BpMath::Transposition.{transpose}(ref BpMem::Unsafe.Add(ref parameters, {source}), {weights.Width}, {rows}, {columns}, {(unit == "0" ? "ref transposed" : $"ref BpMem::Unsafe.Add(ref transposed, ({unit}) * {inputs.Width})")}, {inputs.Width});");
        }
    }

    // δ beyond the last unit is 0 even where δ′ or φ′ is not finite: so the padding of the weights stays zero.
    private void WritePadding(LayerPlan layer)
    {
        VectorSyntax vector = context.Vector(layer);
        int used = layer.Units % vector.Lanes, first = layer.Units - used;
        if (layer.Units == layer.Layout.PaddedUnits)
            return;
        using (writer.Block("for (int row = 0; row < samples; row++)"))
        {
            writer.Line($"ref float last = ref BpMem::Unsafe.Add(ref delta, row * {layer.Stride} + {first});");
            if (used > 0)
                writer.Line($"{vector.Wrapper}.Store({vector.Wrapper}.KeepFirst({vector.Load("last", 0)}, {used}), ref last, 0);");
            for (int lane = used == 0 ? 0 : vector.Lanes; lane < layer.Layout.PaddedUnits - first; lane += vector.Lanes)
                writer.Line(vector.Store(vector.Zero, "last", lane));
        }
    }
}
