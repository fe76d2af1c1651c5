using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the output stage of a batch whose rows are short, with a vector's lanes over the samples: z and t are transposed
/// by blocks of as many samples as a vector has lanes. Then no lane is idle, and softmax needs no reduction across lanes.
/// </summary>
internal sealed class OutputLanesEmitter(SourceWriter writer, KernelContext context)
{
    private readonly LayerPlan _layer = context.Plan.Output;
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);

    private Loss Loss => context.Plan.Spec.Loss;

    private Activation Activation => _layer.Activation;

    private string Lanes => _vector.Wrapper;

    /// <summary>Writes the body of a method with the parameters z, samples, zs (room for a block of z and of t), and y, t or scale.</summary>
    public void Write(OutputResult result)
    {
        if (result != OutputResult.Outputs)
        {
            writer.Line($"ref float ts = ref BpMem::Unsafe.Add(ref zs, {Block});");
            writer.Line($"var loss = {Lanes}.Create(0f);");
        }
        using (writer.Block($"for (int first = 0; first < samples; first += {_vector.Lanes})"))
        {
            writer.Line($"int count = global::System.Math.Min({_vector.Lanes}, samples - first);");
            writer.Line($"// zs[{_layer.Units},{_vector.Lanes}] = z[{_vector.Lanes},{_layer.Units}]ᵀ{(result == OutputResult.Outputs ? "" : ", ts likewise")}: a vector holds one unit of {_vector.Lanes} samples.");
            writer.Line($"BpMath::Transposition.Transpose(ref BpMem::Unsafe.Add(ref z, first * {_layer.Stride}), {_layer.Stride}, count, {_layer.Units}, ref zs, {_vector.Lanes});");
            if (result != OutputResult.Outputs)
            {
                writer.Line($"BpMath::Transposition.RowsToLanes<{Lanes}>(ref BpMem::Unsafe.Add(ref t, first * {_layer.Units}), count, {_layer.Units}, ref ts);");
                writer.Line($"var blockLoss = {Lanes}.Create(0f);");
            }
            WriteStage(result);
            if (result == OutputResult.Outputs)
                writer.Line($"BpMath::Transposition.LanesToRows<{Lanes}>(ref zs, count, {_layer.Units}, ref BpMem::Unsafe.Add(ref y, first * {_layer.Units}));");
            if (result == OutputResult.Delta)
                writer.Line($"BpMath::Transposition.Transpose(ref zs, {_vector.Lanes}, {_layer.Units}, count, ref BpMem::Unsafe.Add(ref z, first * {_layer.Stride}), {_layer.Stride});");
            if (result != OutputResult.Outputs)
                writer.Line($"loss += {Lanes}.KeepFirst(blockLoss, count);");
        }
        if (result != OutputResult.Outputs)
            writer.Line($"return {Lanes}.SumAcross(loss);");
    }

    /// <summary>
    /// Writes the stage for one block: <c>zs</c> [units, lanes] becomes y or δ, and the loss goes to <c>blockLoss</c>, with
    /// the targets in <c>ts</c>. Lanes beyond the block's samples hold anything.
    /// </summary>
    public void WriteStage(OutputResult result)
    {
        if (Activation == Activation.Softmax)
            WriteSoftmax(result);
        else
            WriteElementwise(result);
    }

    private int Block => _vector.Lanes * _layer.Units;

    private SourceWriter.Scope Units() => writer.Block($"for (int i = 0; i < {Block}; i += {_vector.Lanes})");

    private void Read(string name, string from) => writer.Line($"{Lanes} {name} = {Lanes}.Load(ref {from}, i);");

    private void Replace(string value) => writer.Line($"{Lanes}.Store({value}, ref zs, i);");

    private void WriteElementwise(OutputResult result)
    {
        bool crossEntropy = Loss == Loss.BinaryCrossEntropy;
        bool slope = result == OutputResult.Delta && !crossEntropy && _layer.StoresDerivative;
        using (Units())
        {
            Read("zi", "zs");
            string y = Activation == Activation.Identity ? "zi" : $"BpMath::{Activation}.Value<{Lanes}>(zi{(slope ? $", out var slope" : "")})";
            if (result == OutputResult.Outputs)
            {
                Replace(y);
                return;
            }
            Read("ti", "ts");
            if (!crossEntropy || result == OutputResult.Delta)
                writer.Line($"{Lanes} yi = {y};");
            writer.Line($"blockLoss += BpMath::{Loss}.Value<{Lanes}>({(crossEntropy ? "zi" : "yi")}, ti);");
            if (result == OutputResult.Loss)
                return;
            string derivative = crossEntropy ? "(yi - ti)" : $"BpMath::{Loss}.Derivative<{Lanes}>(yi, ti)";
            string factor = crossEntropy || Activation == Activation.Identity ? "" : slope ? " * slope" : $" * BpMath::{Activation}.DerivativeFromOutput<{Lanes}>(yi)";
            Replace($"{derivative}{factor} * {Lanes}.Create(scale)");
        }
    }

    // Subtracting the largest z keeps the exponentials finite and changes nothing else.
    private void WriteSoftmax(OutputResult result)
    {
        bool crossEntropy = Loss == Loss.CrossEntropy;
        writer.Line($"var largest = {Lanes}.Load(ref zs, 0);");
        using (writer.Block($"for (int i = {_vector.Lanes}; i < {Block}; i += {_vector.Lanes})"))
            writer.Line($"largest = {Lanes}.Max(largest, {Lanes}.Load(ref zs, i));");
        writer.Line($"var sum = {Lanes}.Create(0f);");
        if (crossEntropy && result != OutputResult.Outputs)
        {
            writer.Line($"var targets = {Lanes}.Create(0f);");
            writer.Line($"var weighted = {Lanes}.Create(0f);");
        }
        using (Units())
        {
            writer.Line($"var shifted = {Lanes}.Load(ref zs, i) - largest;");
            writer.Line($"var e = BpMath::VectorMath.ExpOfNonPositive<{Lanes}>(shifted);");
            writer.Line("sum += e;");
            if (crossEntropy && result != OutputResult.Outputs)
            {
                Read("ti", "ts");
                writer.Line("targets += ti;");
                writer.Line($"weighted = {Lanes}.MultiplyAdd(ti, shifted, weighted);");
            }
            Replace("e");
        }
        if (crossEntropy && result != OutputResult.Outputs)
        {
            writer.Line("// −Σ t ln y = Σ t (ln Σ eᶻ − z): no logarithm of a rounded probability.");
            writer.Line($"blockLoss = BpMath::VectorMath.LogFromOne<{Lanes}>(sum) * targets - weighted;");
            if (result == OutputResult.Loss)
                return;
        }
        writer.Line($"var inverse = {Lanes}.Create(1f) / sum;");
        if (result == OutputResult.Outputs)
        {
            using (Units())
                Replace($"{Lanes}.Load(ref zs, i) * inverse");
            return;
        }
        if (crossEntropy)
        {
            using (Units())
                Replace($"({Lanes}.Load(ref zs, i) * inverse - {Lanes}.Load(ref ts, i)) * {Lanes}.Create(scale)");
            return;
        }
        writer.Line($"var dot = {Lanes}.Create(0f);");
        using (Units())
        {
            writer.Line($"var yi = {Lanes}.Load(ref zs, i) * inverse;");
            Read("ti", "ts");
            writer.Line($"blockLoss += BpMath::{Loss}.Value<{Lanes}>(yi, ti);");
            if (result == OutputResult.Delta)
            {
                writer.Line($"var g = BpMath::{Loss}.Derivative<{Lanes}>(yi, ti);");
                writer.Line($"dot = {Lanes}.MultiplyAdd(g, yi, dot);");
                writer.Line($"{Lanes}.Store(g, ref ts, i);");
                Replace("yi");
            }
        }
        if (result == OutputResult.Loss)
            return;
        writer.Line("// Softmax's Jacobian: δ = y ∘ (g − Σ g·y), with g = ∂C/∂y, which has replaced t.");
        using (Units())
            Replace($"{Lanes}.Load(ref zs, i) * ({Lanes}.Load(ref ts, i) - dot) * {Lanes}.Create(scale)");
    }
}
