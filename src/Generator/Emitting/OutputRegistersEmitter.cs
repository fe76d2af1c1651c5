using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the output stage of a single sample whose row is a few vectors: from the lanes <c>z0</c>, <c>z1</c>, … to y, the loss and δ nothing passes through memory.
/// </summary>
internal sealed class OutputRegistersEmitter(SourceWriter writer, KernelContext context)
{
    private readonly OutputRow _row = new(writer, context);

    /// <summary>The vectors that hold at least one real unit.</summary>
    public int Vectors => _row.Vectors;

    private string Lanes => _row.Lanes;

    private VectorSyntax Outputs => context.Vector(_row.Layer);

    private bool LossTakesLogarithm => _row.Loss is Loss.CrossEntropy or Loss.BinaryCrossEntropy;

    // Softmax with cross-entropy, of which neither the logarithm of y nor a Jacobian is taken.
    private bool Fuses => _row.Activation == Activation.Softmax && _row.Loss == Loss.CrossEntropy;

    /// <summary>
    /// Writes one row: reads <c>z0</c>, <c>z1</c>, …, writes outputs to <c>y</c>, prepares what <see cref="WriteLoss"/> takes, and stores δ at
    /// <paramref name="delta"/>, or leaves it in <c>delta0</c>, <c>delta1</c>, … where that is null.
    /// </summary>
    /// <param name="result">What is asked.</param>
    /// <param name="delta">The reference to where δ goes.</param>
    /// <param name="apart">
    /// Whether δ is left in two parts, of which it is the product: <c>delta0</c>, <c>delta1</c>, … and a number, <c>factor</c>, in every lane. What waits for the one needs not
    /// wait for the division that gives the other.
    /// </param>
    public void Write(OutputResult result, string? delta = null, bool apart = false)
    {
        if (result != OutputResult.Outputs)
            ForEach(v => writer.Line($"var t{v} = {_row.Load("t", Offset(v), Count(v))};"));
        if (_row.Activation == Activation.Softmax)
            WriteSoftmax(result, delta, apart);
        else
        {
            if (result == OutputResult.Delta)
                WriteFactor();
            ForEach(v =>
            {
                _row.WriteActivation(result, $"{v}");
                if (result == OutputResult.Outputs)
                    WriteOutput(v);
                else if (result == OutputResult.Delta)
                    WriteDelta(_row.Keep(Delta(_row.DeltaOf($"{v}"), apart), Count(v)), v, delta);
            });
        }
        if (result != OutputResult.Outputs && !LossTakesLogarithm)
            WriteSumOfLosses();
        if (result == OutputResult.Delta && delta is not null)
        {
            for (int v = Vectors; v < _row.Layer.Layout.PaddedUnits / Outputs.Lanes; v++)
                writer.Line(Outputs.Store(Outputs.Zero, delta, v * Outputs.Lanes));
        }
    }

    /// <summary>Whether that number waits for a division, and so is there later than the other part.</summary>
    public bool FactorIsLate => Fuses;

    /// <summary>Writes that number once more, as <c>factors</c>, in vectors of the layer below.</summary>
    /// <param name="vector">The vector.</param>
    public void WriteFactors(VectorSyntax vector)
    {
        string factor = $"({Outputs.Type})factor";
        string factors = vector.Lanes > Outputs.Lanes
            ? RegisterSyntax.Rearrange(factor, Outputs.Lanes, [.. Enumerable.Repeat(0, vector.Lanes)])
            : RegisterSyntax.Part(factor, Outputs.Lanes, vector.Lanes, 0);
        writer.Line($"// δ{_row.Layer.Number} is in two parts, delta0 and factor: what waits for the one needs not wait for the other.");
        writer.Line($"var factors = {factors};");
    }

    /// <summary>
    /// Writes that row's loss, and its return. A loss that takes a logarithm is computed here, in a step behind the update: instructions end in their order, and so
    /// stores behind a logarithm would wait for it (measured, Zen 5: a step of 28-20-2 with softmax takes 57 ns in place of 66). Any other is there already: its outputs
    /// and targets would have to be kept (10-100 48 ns in place of 42).
    /// </summary>
    public void WriteLoss()
    {
        if (LossTakesLogarithm)
            WriteSumOfLosses();
        writer.Line($"return {Lanes}.SumAcross(loss);");
    }

    private void WriteSumOfLosses()
    {
        if (Fuses)
        {
            writer.Line($"var largest = {LargestZ};");
            writer.Line("// −Σ t ln y = Σ t (ln Σ eᶻ − z): no logarithm of a rounded probability.");
            writer.Line($"var logarithm = BpMath::VectorMath.LogFromOne<{Lanes}>(sum / {Lanes}.MaxInEveryLane({Largest(v => $"e{v}")}));");
        }
        ForEach(v =>
        {
            string term = Fuses ? $"t{v} * (logarithm - (z{v} - largest))" : _row.LossOf($"{v}", Count(v));
            writer.Line(v == 0 ? $"{Lanes} loss = {term};" : $"loss += {term};");
        });
    }

    // Subtracting the largest z keeps the exponentials finite and changes nothing else; small ones are finite without.
    private void WriteExponentials(OutputResult result)
    {
        string small = string.Join(" && ", Enumerable.Range(0, Vectors).Select(v => $"BpMath::VectorMath.AreSmall(z{v})"));
        writer.Line("// Where all z are small, nothing waits for the largest of them.");
        ForEach(v => writer.Line($"var shifted{v} = z{v};"));
        using (writer.Block($"if (!{(Vectors > 1 ? $"({small})" : small)})"))
        {
            writer.Line($"var most = {LargestZ};");
            ForEach(v => writer.Line($"shifted{v} = BpMath::VectorMath.Below(z{v}, most, {result.LeastOfSoftmax()});"));
        }
        ForEach(v => writer.Line($"var e{v} = {_row.Keep($"BpMath::VectorMath.ExpOfBounded(shifted{v})", Count(v))};"));
    }

    private void WriteSoftmax(OutputResult result, string? delta, bool apart)
    {
        WriteExponentials(result);
        writer.Line($"var sum = {Lanes}.SumInEveryLane({Sum("e")});");
        if (result == OutputResult.Delta && Fuses)
        {
            writer.Line($"// δ{_row.Layer.Number} = y − t = (eᶻ − t Σ eᶻ) / Σ eᶻ.");
            writer.Line($"var factor = {Lanes}.Create({Names.ScaleOfDelta(context.Plan.Spec)}) / sum;");
            ForEach(v => WriteDelta(Delta($"{Lanes}.NegatedMultiplyAdd(t{v}, sum, e{v})", apart), v, delta));
            return;
        }
        if (result == OutputResult.Outputs || !Fuses)
        {
            if (Vectors > 1)
                writer.Line($"var inverse = {Lanes}.Create(1f) / sum;");
            ForEach(v => writer.Line($"{Lanes} y{v} = e{v} {(Vectors > 1 ? "* inverse" : "/ sum")};"));
        }
        switch (result)
        {
            case OutputResult.Outputs:
                ForEach(WriteOutput);
                break;
            case OutputResult.Delta:
                writer.Line("// Softmax's Jacobian: δ = y ∘ (g − Σ g·y), with g = ∂C/∂y.");
                ForEach(v =>
                {
                    writer.Line($"var g{v} = BpMath::{_row.Loss}.Derivative<{Lanes}>(y{v}, t{v});");
                    writer.Line($"var gy{v} = g{v} * y{v};");
                });
                writer.Line($"var dot = {Lanes}.SumInEveryLane({Sum("gy")});");
                WriteFactor();
                ForEach(v => WriteDelta(Delta($"y{v} * (g{v} - dot)", apart), v, delta));
                break;
        }
    }

    private void WriteOutput(int v) => writer.Line(_row.Store($"y{v}", "y", Offset(v), Count(v)));

    private void WriteDelta(string value, int v, string? delta) =>
        writer.Line(delta is null ? $"{Lanes} delta{v} = {value};" : $"{Lanes}.Store({value}, ref {delta}, {Offset(v)});");

    private static string Delta(string first, bool apart) => apart ? first : $"{first} * factor";

    private void WriteFactor() => writer.Line($"var factor = {Lanes}.Create({Names.ScaleOfDelta(context.Plan.Spec)});");

    private string Sum(string term) => string.Join(" + ", Enumerable.Range(0, Vectors).Select(v => $"{term}{v}"));

    private string LargestZ => $"{Lanes}.MaxInEveryLane({Largest(v => _row.Finite($"z{v}", Count(v)))})";

    private string Largest(Func<int, string> term) =>
        Enumerable.Range(0, Vectors).Select(term).Aggregate((largest, other) => $"{Lanes}.Max({largest}, {other})");

    private string Offset(int v) => $"{v * _row.VectorLength}";

    // The real units of a vector that they do not fill.
    private string? Count(int v) => (v + 1) * _row.VectorLength > _row.Layer.Units ? $"{_row.Layer.Units % _row.VectorLength}" : null;

    private void ForEach(Action<int> write)
    {
        for (int v = 0; v < Vectors; v++)
            write(v);
    }
}
