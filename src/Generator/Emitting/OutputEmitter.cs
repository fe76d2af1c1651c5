using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>What is asked of the output stage.</summary>
internal enum OutputResult
{
    /// <summary>The outputs y.</summary>
    Outputs,

    /// <summary>The loss.</summary>
    Loss,

    /// <summary>The loss, and δ of the output layer.</summary>
    Delta,
}

/// <summary>How small the terms of a softmax may be, eᶻ over that of the largest z: δ has no use for the smallest.</summary>
internal static class SoftmaxTerms
{
    /// <summary>The function that gives a term, of what z is below the largest.</summary>
    public static string SoftmaxTerm(this OutputResult result) =>
        result == OutputResult.Delta ? "BpMath::VectorMath.ExpOrZero" : "BpMath::VectorMath.ExpOfNonPositive";

    /// <summary>What z is below the largest where a term is 0.</summary>
    public static string LeastOfSoftmax(this OutputResult result) =>
        result == OutputResult.Delta ? "BpMath::VectorMath.Negligible" : "BpMath::VectorMath.Underflow";
}

/// <summary>
/// Writes the methods of what follows the last product: from rows of weighted inputs z to the outputs y = φ(z), the loss C(y, t), and δ = ∂C/∂z. They serve
/// a batch, and one sample whose row does not stay in registers (<see cref="OutputRegistersEmitter"/>): short rows with the samples in the lanes
/// (<see cref="OutputLanesEmitter"/>), others in loops (<see cref="OutputLoopsEmitter"/>).
/// </summary>
internal sealed class OutputEmitter(SourceWriter writer, KernelContext context)
{
    private readonly LayerPlan _layer = context.Plan.Output;

    /// <summary>Writes the methods.</summary>
    public void Write()
    {
        string formula = $"{(_layer.Activation == Activation.Identity ? "z" : $"{Names.Formula(_layer.Activation)}(z)")}";
        if (!_layer.ProducesOutputs)
            WriteMethod($"The outputs y[s,{_layer.Units}] = {formula}.", "private static void Outputs(ref float z, ref float y, int samples)", OutputResult.Outputs);
        WriteMethod($"The sum over the samples of the loss C(y, t), with y = {formula}; the caller divides.", "private static float OutputLoss(ref float z, ref float t, int samples)", OutputResult.Loss);
        WriteMethod($"The loss, and {DeltaFormula} in place of z.", "private static float OutputDelta(ref float z, ref float t, int samples, float scale)", OutputResult.Delta);
    }

    private string DeltaFormula => context.Plan.Spec.Loss is Loss.CrossEntropy or Loss.BinaryCrossEntropy
        ? $"δ{_layer.Number} = (y − t) · scale"
        : $"δ{_layer.Number} = ∂C/∂y ∘ φ′(z) · scale";

    private void WriteMethod(string summary, string signature, OutputResult result)
    {
        bool inLanes = context.Schedule.OutputInLanes, inPlace = inLanes && _layer.StagesInPlace;
        writer.Line();
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(inLanes && !inPlace ? signature.Replace(")", ", ref float zs)") : signature))
        {
            if (inPlace)
                new OutputLanesEmitter(writer, context, "zv", "tv", context.Width.Lanes).WriteInPlace(result);
            else if (inLanes)
                new OutputLanesEmitter(writer, context, "zs", "ts", context.Width.Lanes).Write(result);
            else
                new OutputLoopsEmitter(writer, context).Write(result);
        }
    }
}
