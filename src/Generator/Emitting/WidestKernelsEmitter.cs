using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the struct that the runtime's passes are generic over: the network's sizes, and its kernels of the widest vectors that the
/// processor has, a choice that the JIT makes and folds away.
/// </summary>
internal sealed class WidestKernelsEmitter(SourceWriter writer, NetworkPlan plan)
{
    public void Write()
    {
        writer.Line();
        writer.Line("/// <summary>The network's sizes, and its kernels of the widest vectors that the processor has: the JIT leaves one branch.</summary>");
        using (writer.Block($"private readonly struct {Names.WidestKernels} : BpKernels::INetworkKernels"))
        {
            WriteSizes();
            WriteChoice("int", "GradientOneByOneBelow", width => $"{width.GradientOneByOneBelow ?? 2}");
            WriteChoice("bool", "GradientPairsOneByOne", width => width.GradientPairsOneByOne ? "true" : "false");
            WriteScratch();
            WriteClearGaps();
            WriteKernel(KernelSignature.ForwardOne, width => !width.One.ForwardInVariables);
            WriteKernel(KernelSignature.LossOne, width => !width.One.ForwardInVariables);
            WriteKernel(KernelSignature.GradientOne, width => !width.One.InRegisters);
            WriteKernel(KernelSignature.ForwardBatch, _ => true);
            WriteKernel(KernelSignature.LossBatch, _ => true);
            WriteKernel(KernelSignature.GradientBatch, _ => true);
        }
    }

    private void WriteSizes() => writer.Lines($"""
        public static global::Backprop.NetworkSpec Specification => Spec;
        public static int InputSize => {plan.Spec.Inputs};
        public static int OutputSize => {plan.Spec.Outputs};
        public static int ParameterCount => {plan.Spec.ParameterCount};
        public static int ParameterLength => {plan.ParameterLength};
        public static bool LastAlongInputs => {(plan.Dots is null ? "false" : "true")};
        public static int LossDivisor => {plan.Spec.LossDivisor};
        public static int SliceSize => {plan.SliceSize};
        public static bool ForwardFillsSlices => {(plan.ForwardFillsSlices ? "true" : "false")};
        public static bool GradientFillsSlices => {(plan.GradientFillsSlices ? "true" : "false")};
        public static int OneByOneBelow => {plan.OneByOneBelow ?? 2};
        """);

    private void WriteScratch()
    {
        WriteChoice("int", "ForwardOneScratch", width => $"{plan.ForwardOneScratch(width)}");
        WriteChoice("int", "GradientOneScratch", width => $"{plan.GradientOneScratch(width)}");
        WriteChoice("int", "ForwardScratch", width => $"{plan.ForwardScratch(width)}");
        WriteChoice("int", "GradientScratch", width => $"{plan.GradientScratch(width)}");
        writer.Line($"public static int PoolLength => {plan.PoolLength};");
    }

    // One value where all widths have the same, or else a choice between neighbours that differ.
    private void WriteChoice(string type, string name, Func<WidthPlan, string> value)
    {
        string choice = "";
        for (int i = 0; i + 1 < plan.Widths.Count; i++)
        {
            if (value(plan.Widths[i]) != value(plan.Widths[i + 1]))
                choice += $"{Accelerated(plan.Widths[i])} ? {value(plan.Widths[i])} : ";
        }
        writer.Line($"public static {type} {name} => {choice}{value(plan.Widths[plan.Widths.Count - 1])};");
    }

    private void WriteClearGaps()
    {
        writer.Line();
        writer.Line(Names.Inlined);
        using (writer.Block("public static void ClearGaps(ref float gradient)"))
        {
            foreach (LayerPlan layer in plan.Layers)
            {
                for (int i = layer.GradientEnd; i < layer.ParameterLength; i += 4)
                    writer.Line($"BpSimd::Vector128.StoreUnsafe(BpSimd::Vector128<float>.Zero, ref gradient, {layer.Offset + i});");
            }
        }
    }

    private void WriteKernel(KernelSignature kernel, Func<WidthPlan, bool> takesScratch)
    {
        writer.Line();
        writer.Line(Names.Inlined);
        using (writer.Block(kernel.Declare("public static")))
        {
            string otherwise = "";
            foreach (WidthPlan width in plan.Widths)
            {
                writer.Line(width.Width.Lanes == 1 ? "else" : $"{otherwise}if ({Accelerated(width)})");
                writer.Line($"    {(kernel.Result == "void" ? "" : "return ")}{KernelClassEmitter.Name(width.Width)}.{kernel.Call(takesScratch(width))};");
                otherwise = "else ";
            }
        }
    }

    private static string Accelerated(WidthPlan width) => $"BpSimd::Vector{width.Width.Bits}.IsHardwareAccelerated";
}
