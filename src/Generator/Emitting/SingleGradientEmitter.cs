using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the training of a single sample: its loss and δ, the way back through the layers, and the gradient of the first, which passes nothing on.
/// </summary>
internal sealed class SingleGradientEmitter(SourceWriter writer, KernelContext context, SingleForwardEmitter forward, OutputRegistersEmitter output)
{
    private readonly GradientBlockEmitter _blocks = new(writer, context);
    private readonly OuterProductEmitter _products = new(writer, context);
    private readonly SingleBackwardEmitter _backward = new(writer, context);

    public void Write()
    {
        if (context.Schedule.One.StepInVariables)
        {
            new VariablesGradientEmitter(writer, context, forward, output).Write();
            if (!context.Schedule.One.InlinesStep)
                WriteFirst(context.Plan.Layers[0]);
        }
        else if (!context.Schedule.One.InRegisters)
        {
            WriteGradientOne();
            WriteFirst(context.Plan.Layers[0]);
            foreach (LayerPlan layer in context.Plan.Layers.Skip(1).Where(layer => layer.Dots is null))
                _backward.Write(layer, _backward.Name(layer), context.Plan.Layers[layer.Number - 2], accumulates: true);
            if (context.Plan.Dots is not null)
                new DotBackwardEmitter(writer, context).Write(_backward.Name(context.Plan.Output), _backward.Attribute);
        }
        _backward.Write(context.Plan.Layers[0], "InputGradientOne", below: null, accumulates: false);
    }

    private void WriteGradientOne()
    {
        ScratchPlan scratch = context.Plan.Kernels.GradientOne;
        writer.Line();
        writer.Line("/// <summary>One sample: its loss, still to be multiplied by scale, its gradient into the sink, and that by the inputs where dx is not null.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.GradientOne.Declare("internal static")))
        {
            forward.WriteUpToOutput(forward.WriteZ(scratch), training: true);
            if (forward.RowInRegisters)
                output.Write(OutputResult.Delta, delta: "z");
            else
                writer.Line($"float loss = OutputDelta(ref z, ref t, 1, {Names.ScaleOfDelta(context.Plan.Spec)});");

            string delta = "z";
            foreach (LayerPlan layer in context.Plan.Layers.Reverse())
            {
                if (layer.Number == 1)
                {
                    writer.Line("if (!BpMem::Unsafe.IsNullRef(ref dx))");
                    writer.Line($"    InputGradientOne(ref parameters, ref {delta}, ref dx);");
                    writer.Line($"BackwardOne1(ref x, ref {delta}, ref target, ref sink);");
                    continue;
                }
                LayerPlan below = context.Plan.Layers[layer.Number - 2];
                string a = $"a{below.Number}", propagated = $"delta{below.Number}";
                writer.Line($"ref float {a} = {VectorSyntax.At("scratch", $"{scratch[a].Offset}")};");
                writer.Line($"ref float {propagated} = {VectorSyntax.At("scratch", $"{scratch[propagated].Offset}")};");
                writer.Line($"{_backward.Name(layer)}(ref parameters, ref {a}, ref {delta}, ref {propagated}, ref target, {layer.Offset}, ref sink);");
                delta = propagated;
            }
            if (forward.RowInRegisters)
                output.WriteLoss();
            else
                writer.Line("return loss;");
        }
    }

    // The first layer has no δ to pass on: ∂C/∂W = x·δᵀ only. Its last panel comes first, so that the panel which the next forward
    // pass begins with is still in the cache (measured, 256 bits: steps of 784-128-10 10.4 → 9.9 µs, of 784-512-256-10 66.5 → 65.6;
    // rows from the last to the first as well cost the latter 4 µs, since memory is fetched ahead less well backwards).
    private void WriteFirst(LayerPlan layer)
    {
        PanelGroup[] groups = [.. PanelGroup.Of(layer.Layout).Reverse()];
        writer.Line();
        writer.Line($"/// <summary>One sample: ∂C/∂W1 = x·δ1ᵀ{(layer.Dense.Bias ? ", ∂C/∂b1 = δ1" : "")}{(layer.Layout.Panels > 1 ? "; the panel that the next forward pass begins with comes last" : "")}.</summary>");
        writer.Line(_backward.Attribute);
        using (writer.Block($"private static void BackwardOne1<TSink>(ref float x, ref float delta, ref float target, ref TSink sink) {Names.SinkConstraint}"))
        {
            foreach (PanelGroup group in groups)
            {
                using (group.Count > 1 ? writer.Block($"for (int panel = {group.Count - 1}; panel >= 0; panel--)") : TileEmitter.PanelLoop(writer, group, groups.Length))
                {
                    _blocks.WritePanelStart(layer, group, first: "", row: 0);
                    if (layer.Dense.Bias)
                        _blocks.WriteBias(layer, group, layer.Inputs * group.Width);
                    using (writer.Block("if (sink.TakesProductVectors)"))
                        _products.Write(group, context.RowTile(layer.Layout, group), layer.Inputs, "block", (column, place) => $"{context.Vector(layer).Wrapper}.Load(ref d, {VectorSyntax.Sum(column, $"{place}")})");
                    _blocks.WriteCompleteProduct(layer, group, "x", layer.Inputs);
                }
            }
        }
    }
}
