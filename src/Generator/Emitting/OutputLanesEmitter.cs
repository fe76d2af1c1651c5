using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the output stage of a batch whose rows are short, with a vector's lanes over the samples: z and t are transposed
/// by blocks of as many samples as a vector has lanes. Then no lane is idle, and softmax needs no reduction across lanes.
/// </summary>
/// <param name="writer">Where to.</param>
/// <param name="context">The network and the width.</param>
/// <param name="z">The reference to the first unit's z of a vector of samples.</param>
/// <param name="t">The same of the targets.</param>
/// <param name="stride">Floats from one unit to the next in both.</param>
internal sealed class OutputLanesEmitter(SourceWriter writer, KernelContext context, string z, string t, int stride)
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
            writer.Line($"ref float ts = ref BpMem::Unsafe.Add(ref zs, {_vector.Lanes * _layer.ColumnsInLanes});");
            writer.Line($"var loss = {Lanes}.Create(0f);");
        }
        using (writer.Block($"for (int first = 0; first < samples; first += {_vector.Lanes})"))
        {
            writer.Line($"int count = global::System.Math.Min({_vector.Lanes}, samples - first);");
            writer.Line($"// zs[{_layer.Units},{_vector.Lanes}] = z[{_vector.Lanes},{_layer.Units}]ᵀ{(result == OutputResult.Outputs ? "" : ", ts likewise")}: a vector holds one unit of {_vector.Lanes} samples.");
            writer.Line($"BpMath::Transposition.TransposePadded<{Lanes}>(ref BpMem::Unsafe.Add(ref z, first * {_layer.Stride}), {_layer.Stride}, count, {_layer.ColumnsInLanes}, ref zs, {_vector.Lanes});");
            if (result != OutputResult.Outputs)
            {
                writer.Line($"BpMath::Transposition.RowsToLanes<{Lanes}>(ref BpMem::Unsafe.Add(ref t, first * {_layer.Units}), count, {_layer.Units}, ref ts, {_vector.Lanes});");
                writer.Line($"var blockLoss = {Lanes}.Create(0f);");
            }
            WriteStage(result);
            if (result == OutputResult.Outputs)
                writer.Line($"BpMath::Transposition.LanesToRows<{Lanes}>(ref zs, {_vector.Lanes}, count, {_layer.Units}, ref BpMem::Unsafe.Add(ref y, first * {_layer.Units}));");
            if (result == OutputResult.Delta)
                writer.Line($"BpMath::Transposition.Transpose(ref zs, {_vector.Lanes}, {_layer.ColumnsInLanes}, count, ref BpMem::Unsafe.Add(ref z, first * {_layer.Stride}), {_layer.Stride});");
            if (result != OutputResult.Outputs)
                writer.Line($"loss += {Lanes}.KeepFirst(blockLoss, count);");
        }
        if (result != OutputResult.Outputs)
            writer.Line($"return {Lanes}.SumAcross(loss);");
    }

    /// <summary>Writes the body of the same method where z of the only unit lies as the lanes have it: nothing is transposed, and targets are read where they are.</summary>
    public void WriteInPlace(OutputResult result)
    {
        if (result != OutputResult.Outputs)
            writer.Line($"var loss = {Lanes}.Create(0f);");
        using (writer.Block($"for (int s = 0; s < samples; s += {_vector.Lanes})"))
        {
            writer.Line($"ref float {z} = ref BpMem::Unsafe.Add(ref z, s);");
            if (result == OutputResult.Outputs)
            {
                string value = $"{Lanes}.Load(ref {z}, 0)";
                writer.Line($"{Lanes}.StoreFirst({(Activation == Activation.Identity ? value : $"BpMath::{Activation}.Value<{Lanes}>({value})")}, ref y, s, samples - s);");
                return;
            }
            writer.Line($"var blockLoss = {Lanes}.Create(0f);");
            WriteElementwise(result, target: $"{Lanes}.LoadFirst(ref t, s, samples - s)");
            writer.Line($"loss += {Lanes}.KeepFirst(blockLoss, samples - s);");
        }
        writer.Line($"return {Lanes}.SumAcross(loss);");
    }

    /// <summary>
    /// Writes the stage for a vector of samples: z becomes y or δ, and the loss goes to <c>blockLoss</c>. Lanes without a sample hold
    /// what comes of zeros.
    /// </summary>
    public void WriteStage(OutputResult result)
    {
        if (Activation == Activation.Softmax)
            WriteSoftmax(result);
        else
            WriteElementwise(result, target: $"{Lanes}.Load(ref {t}, i)");
    }

    // The loop over the units, from one on; of one unit, a scope.
    private SourceWriter.Scope Units(int first = 0)
    {
        if (_layer.Units > 1)
            return writer.Block($"for (int i = {first * stride}; i < {_layer.Units * stride}; i += {stride})");
        SourceWriter.Scope scope = writer.Block();
        writer.Line("const int i = 0;");
        return scope;
    }

    private void Read(string name, string from) => writer.Line($"{Lanes} {name} = {Lanes}.Load(ref {from}, i);");

    private void Replace(string value) => writer.Line($"{Lanes}.Store({value}, ref {z}, i);");

    private void WriteElementwise(OutputResult result, string target)
    {
        bool crossEntropy = Loss == Loss.BinaryCrossEntropy;
        bool slope = result == OutputResult.Delta && !crossEntropy && _layer.StoresDerivative;
        using (Units())
        {
            Read("zi", z);
            string y = Activation == Activation.Identity ? "zi" : $"BpMath::{Activation}.Value<{Lanes}>(zi{(slope ? $", out var slope" : "")})";
            if (result == OutputResult.Outputs)
            {
                Replace(y);
                return;
            }
            writer.Line($"{Lanes} ti = {target};");
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
        writer.Line($"var largest = {Lanes}.Load(ref {z}, 0);");
        if (_layer.Units > 1)
        {
            using (Units(first: 1))
                writer.Line($"largest = {Lanes}.Max(largest, {Lanes}.Load(ref {z}, i));");
        }
        writer.Line($"var sum = {Lanes}.Create(0f);");
        if (crossEntropy && result != OutputResult.Outputs)
        {
            writer.Line($"var targets = {Lanes}.Create(0f);");
            writer.Line($"var weighted = {Lanes}.Create(0f);");
        }
        using (Units())
        {
            writer.Line($"var shifted = {Lanes}.Load(ref {z}, i) - largest;");
            writer.Line($"var e = {result.SoftmaxTerm()}<{Lanes}>(shifted);");
            writer.Line("sum += e;");
            if (crossEntropy && result != OutputResult.Outputs)
            {
                Read("ti", t);
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
                Replace($"{Lanes}.Load(ref {z}, i) * inverse");
            return;
        }
        if (crossEntropy)
        {
            using (Units())
                Replace($"({Lanes}.Load(ref {z}, i) * inverse - {Lanes}.Load(ref {t}, i)) * {Lanes}.Create(scale)");
            return;
        }
        writer.Line($"var dot = {Lanes}.Create(0f);");
        using (Units())
        {
            writer.Line($"var yi = {Lanes}.Load(ref {z}, i) * inverse;");
            Read("ti", t);
            writer.Line($"blockLoss += BpMath::{Loss}.Value<{Lanes}>(yi, ti);");
            if (result == OutputResult.Delta)
            {
                writer.Line($"var g = BpMath::{Loss}.Derivative<{Lanes}>(yi, ti);");
                writer.Line($"dot = {Lanes}.MultiplyAdd(g, yi, dot);");
                writer.Line($"{Lanes}.Store(g, ref {t}, i);");
                Replace("yi");
            }
        }
        if (result == OutputResult.Loss)
            return;
        writer.Line("// Softmax's Jacobian: δ = y ∘ (g − Σ g·y), with g = ∂C/∂y, which has replaced t.");
        using (Units())
            Replace($"{Lanes}.Load(ref {z}, i) * ({Lanes}.Load(ref {t}, i) - dot) * {Lanes}.Create(scale)");
    }
}
