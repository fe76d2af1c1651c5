using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes the nested class of one vector width: every kernel of the network.</summary>
internal sealed class KernelClassEmitter(SourceWriter writer, KernelContext context)
{
    /// <summary>The class's name.</summary>
    public static string Name(VectorWidth width) => width.Lanes == 1 ? "ScalarKernels" : $"Vector{width.Bits}Kernels";

    private NetworkPlan Plan => context.Plan;

    private IEnumerable<LayerPlan> AlongUnits => Plan.Layers.Where(layer => layer.Dots is null);

    public void Write()
    {
        var output = new OutputRegistersEmitter(writer, context);
        var forward = new ForwardEmitter(writer, context);
        var hiddenDelta = new HiddenDeltaEmitter(writer, context);
        var weightGradient = new WeightGradientEmitter(writer, context);
        DotRowEmitter? row = Plan.Dots is null ? null : new DotRowEmitter(writer, context, output);
        var singleForward = new SingleForwardEmitter(writer, context, forward, output, row);
        var singleGradient = new SingleGradientEmitter(writer, context, singleForward, output);

        writer.Line($"/// <summary>The network for {(context.Width.Lanes == 1 ? "processors without vectors" : $"vectors of {context.Width.Bits} bits")}.</summary>");
        using (writer.Block($"private static class {Name(context.Width)}"))
        {
            if (Plan.Layers.Count == 1 && row is not null)
                new SingleDotEmitter(writer, context, output, row).Write();
            else
            {
                if (context.Schedule.One.InRegisters)
                    new SingleRegistersEmitter(writer, context, output).Write();
                else
                    singleForward.Write();
                singleGradient.Write();
            }
            if (context.Schedule.BatchInLanes)
            {
                new BatchLanesEmitter(writer, context).Write();
                if (!singleForward.RowInRegisters)
                    new OutputEmitter(writer, context).Write();
                foreach (LayerPlan layer in Plan.Layers)
                    forward.WriteForOne(layer);
                return;
            }
            if (context.Schedule.FullSlices is not null)
                new BatchLanesEmitter(writer, context).Write();
            new BatchEmitter(writer, context, forward, hiddenDelta, weightGradient).Write();
            new OutputEmitter(writer, context).Write();
            foreach (LayerPlan layer in AlongUnits)
                forward.Write(layer);
            foreach (LayerPlan layer in Plan.Hidden)
                hiddenDelta.Write(layer, Plan.Layers[layer.Number]);
            foreach (LayerPlan layer in AlongUnits)
                weightGradient.Write(layer);
            if (row is not null)
                new BatchDotEmitter(writer, context, row).Write(forward, weightGradient);
        }
    }
}
