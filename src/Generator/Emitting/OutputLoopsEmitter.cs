using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the output stage of rows of z in memory, one after the other, in loops over a row's vectors: y to <c>y</c>, the loss into the lanes <c>loss</c>,
/// δ in place of z.
/// </summary>
internal sealed class OutputLoopsEmitter(SourceWriter writer, KernelContext context)
{
    private readonly OutputRow _row = new(writer, context);

    private string Lanes => _row.Lanes;

    private LayerPlan Layer => _row.Layer;

    /// <summary>Writes the body of a method with the parameters z, samples, and y, t or scale.</summary>
    /// <param name="result">What is asked.</param>
    public void Write(OutputResult result)
    {
        bool outputs = result == OutputResult.Outputs;
        if (!outputs)
            writer.Line($"var loss = {Lanes}.Create(0f);");
        using (writer.Block("for (int s = 0; s < samples; s++)"))
        {
            if (_row.Activation != Activation.Softmax)
                Pass((v, count, offset) => WriteElementwise(result, v, count, offset));
            else
                WriteSoftmax(result);
            writer.Line($"z = ref BpMem::Unsafe.Add(ref z, {Layer.Stride});");
            writer.Line($"{(outputs ? "y" : "t")} = ref BpMem::Unsafe.Add(ref {(outputs ? "y" : "t")}, {Layer.Units});");
        }
        if (!outputs)
            writer.Line($"return {Lanes}.SumAcross(loss);");
    }

    private void WriteElementwise(OutputResult result, string v, string? count, string offset)
    {
        writer.Line($"var z{v} = {LoadZ(offset)};");
        if (result != OutputResult.Outputs)
            writer.Line($"var t{v} = {_row.Load("t", offset, count)};");
        _row.WriteActivation(result, v);
        if (result == OutputResult.Outputs)
        {
            writer.Line(_row.Store($"y{v}", "y", offset, count));
            return;
        }
        writer.Line($"loss += {_row.LossOf(v, count)};");
        if (result == OutputResult.Delta)
            writer.Line(StoreZ(_row.Keep(Scaled(_row.DeltaOf(v)), count), offset));
    }

    private void WriteSoftmax(OutputResult result)
    {
        bool fuses = _row.Loss == Loss.CrossEntropy && result != OutputResult.Outputs;
        writer.Line($"var most = {Lanes}.Create(float.NegativeInfinity);");
        Pass((v, count, offset) => writer.Line($"most = {Lanes}.Max(most, {_row.Finite(LoadZ(offset), count)});"));
        writer.Line($"var largest = {Lanes}.MaxInEveryLane(most);");
        WriteExponentials(result, fuses);
        writer.Line($"var sum = {Lanes}.SumInEveryLane(sums);");
        if (fuses)
        {
            writer.Line("// −Σ t ln y = Σ t (ln Σ eᶻ − z): no logarithm of a rounded probability.");
            writer.Line($"loss += BpMath::VectorMath.LogFromOne<{Lanes}>(sum) * targets - weighted;");
            if (result == OutputResult.Loss)
                return;
        }
        writer.Line($"var inverse = {Lanes}.Create(1f) / sum;");
        if (result == OutputResult.Outputs)
            Pass((v, count, offset) => writer.Line(_row.Store($"{LoadZ(offset)} * inverse", "y", offset, count)));
        else if (fuses)
        {
            Pass((v, count, offset) =>
            {
                writer.Line($"var difference{v} = {LoadZ(offset)} * inverse - {_row.Load("t", offset, count)};");
                writer.Line(StoreZ(Scaled($"difference{v}"), offset));
            });
        }
        else
            WriteLossOfSoftmax(result);
    }

    // eᶻ over that of the largest z, in place of z where it is needed again, and its sums; with cross-entropy, those of its loss.
    private void WriteExponentials(OutputResult result, bool fuses)
    {
        writer.Line($"var sums = {Lanes}.Create(0f);");
        if (fuses)
        {
            writer.Line($"var targets = {Lanes}.Create(0f);");
            writer.Line($"var weighted = {Lanes}.Create(0f);");
        }
        Pass((v, count, offset) =>
        {
            writer.Line($"var shifted{v} = {LoadZ(offset)} - largest;");
            writer.Line($"var e{v} = {_row.Keep($"{result.SoftmaxTerm()}<{Lanes}>(shifted{v})", count)};");
            writer.Line($"sums += e{v};");
            if (fuses)
            {
                writer.Line($"var t{v} = {_row.Load("t", offset, count)};");
                writer.Line($"targets += t{v};");
                writer.Line($"weighted += t{v} * shifted{v};");
            }
            if (!fuses || result == OutputResult.Delta)
                writer.Line(StoreZ($"e{v}", offset));
        });
    }

    // Any loss but cross-entropy, and δ by softmax's Jacobian.
    private void WriteLossOfSoftmax(OutputResult result)
    {
        writer.Line($"var dots = {Lanes}.Create(0f);");
        Pass((v, count, offset) =>
        {
            writer.Line($"var y{v} = {LoadZ(offset)} * inverse;");
            writer.Line($"var t{v} = {_row.Load("t", offset, count)};");
            writer.Line($"loss += {_row.LossOf(v, count)};");
            if (result == OutputResult.Delta)
            {
                writer.Line($"dots += BpMath::{_row.Loss}.Derivative<{Lanes}>(y{v}, t{v}) * y{v};");
                writer.Line(StoreZ($"y{v}", offset));
            }
        });
        if (result == OutputResult.Loss)
            return;
        writer.Line("// Softmax's Jacobian: δ = y ∘ (g − Σ g·y), with g = ∂C/∂y.");
        writer.Line($"var dot = {Lanes}.SumInEveryLane(dots);");
        Pass((v, count, offset) =>
        {
            writer.Line($"var y{v} = {LoadZ(offset)};");
            writer.Line($"var g{v} = BpMath::{_row.Loss}.Derivative<{Lanes}>(y{v}, {_row.Load("t", offset, count)});");
            writer.Line(StoreZ(Scaled($"y{v} * (g{v} - dot)"), offset));
        });
    }

    private string LoadZ(string offset) => $"{Lanes}.Load(ref z, {offset})";

    private string StoreZ(string value, string offset) => $"{Lanes}.Store({value}, ref z, {offset});";

    private string Scaled(string delta) => $"{delta} * {Lanes}.Create(scale)";

    // A loop over the full vectors of a row, then the last one where it is not full; both in one where the activation is too dear for the
    // JIT to have it twice in a method.
    private void Pass(Action<string, string?, string> body)
    {
        if (Layer.StoresDerivative && Layer.Units % _row.VectorLength != 0)
        {
            using (writer.Block($"for (int i = 0; i < {Layer.Units}; i += {_row.VectorLength})"))
            {
                writer.Line($"int count = global::System.Math.Min({_row.VectorLength}, {Layer.Units} - i);");
                body("i", "count", "i");
            }
            return;
        }
        int full = Layer.Units / _row.VectorLength * _row.VectorLength;
        using (writer.Block($"for (int i = 0; i < {full}; i += {_row.VectorLength})"))
            body("i", null, "i");
        if (Layer.Units > full)
        {
            using (writer.Block())
                body("i", $"{Layer.Units - full}", $"{full}");
        }
    }
}
