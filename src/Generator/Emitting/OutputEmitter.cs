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

/// <summary>
/// Writes what follows the last product: from a row of weighted inputs z to the outputs y = φ(z), the loss C(y, t), and
/// δ = ∂C/∂z. A single sample's row of a few vectors stays in registers throughout; longer ones are passed over in loops;
/// short rows of a batch are <see cref="OutputLanesEmitter"/>'s.
/// </summary>
internal sealed class OutputEmitter(SourceWriter writer, KernelContext context)
{
    private readonly LayerPlan _layer = context.Plan.Output;
    private readonly VectorSyntax _vector = context.Vector(context.Plan.Output);

    private Loss Loss => context.Plan.Spec.Loss;

    private Activation Activation => _layer.Activation;

    private string Lanes => _vector.Wrapper;

    /// <summary>Vectors that hold at least one real unit.</summary>
    public int Vectors => (_layer.Units + _vector.Lanes - 1) / _vector.Lanes;

    /// <summary>Writes the methods that process the rows of z of a batch, or of one sample whose row does not fit registers.</summary>
    public void WriteMethods()
    {
        string formula = $"{(Activation == Activation.Identity ? "z" : $"{Names.Formula(Activation)}(z)")}";
        if (!_layer.ProducesOutputs)
            WriteMethod($"The outputs y[s,{_layer.Units}] = {formula}.", "private static void Outputs(ref float z, ref float y, int samples)", OutputResult.Outputs);
        WriteMethod($"The sum over the samples of the loss C(y, t), with y = {formula}; the caller divides.", "private static float OutputLoss(ref float z, ref float t, int samples)", OutputResult.Loss);
        WriteMethod($"The loss, and {DeltaFormula} in place of z.", "private static float OutputDelta(ref float z, ref float t, int samples, float scale)", OutputResult.Delta);
    }

    private string DeltaFormula => Loss is Loss.CrossEntropy or Loss.BinaryCrossEntropy
        ? $"δ{_layer.Number} = (y − t) · scale"
        : $"δ{_layer.Number} = ∂C/∂y ∘ φ′(z) · scale";

    private void WriteMethod(string summary, string signature, OutputResult result)
    {
        writer.Line();
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Line(Names.Kernel);
        bool inPlace = SamplesInLanes && _layer.StagesInPlace;
        using (writer.Block(SamplesInLanes && !inPlace ? signature.Replace(")", ", ref float zs)") : signature))
        {
            if (inPlace)
                new OutputLanesEmitter(writer, context, "zv", "tv", context.Width.Lanes).WriteInPlace(result);
            else if (SamplesInLanes)
                new OutputLanesEmitter(writer, context, "zs", "ts", context.Width.Lanes).Write(result);
            else
            {
                if (result != OutputResult.Outputs)
                    writer.Line($"var loss = {Lanes}.Create(0f);");
                using (writer.Block("for (int s = 0; s < samples; s++)"))
                {
                    WriteLoops(result);
                    writer.Line($"z = ref BpMem::Unsafe.Add(ref z, {_layer.Stride});");
                    writer.Line($"{(result == OutputResult.Outputs ? "y" : "t")} = ref BpMem::Unsafe.Add(ref {(result == OutputResult.Outputs ? "y" : "t")}, {_layer.Units});");
                }
                if (result != OutputResult.Outputs)
                    writer.Line($"return {Lanes}.SumAcross(loss);");
            }
        }
    }

    private bool SamplesInLanes => context.Schedule.OutputInLanes;

    /// <summary>What δ of a single sample is multiplied by, as an argument.</summary>
    public string ScaleOfOne => Names.ScaleOfOne(context.Plan.Spec);

    /// <summary>
    /// Writes one row in registers: reads the lanes <c>z0</c>, <c>z1</c>, …, writes outputs to <c>y</c>, prepares what
    /// <see cref="WriteLossOfRegisters"/> takes, and stores δ at <paramref name="delta"/>, or leaves it in <c>delta0</c> where that is null.
    /// </summary>
    public void WriteRegisters(OutputResult result, string? delta)
    {
        if (result != OutputResult.Outputs)
        {
            for (int v = 0; v < Vectors; v++)
                writer.Line($"var t{v} = {LoadRow("t", v)};");
        }
        if (Activation == Activation.Softmax)
            WriteSoftmaxRegisters(result, delta);
        else
        {
            for (int v = 0; v < Vectors; v++)
            {
                string offset = $"{v * _vector.Lanes}";
                WriteElementwise(result, $"{v}");
                if (result == OutputResult.Outputs)
                    writer.Line(StoreRow($"y{v}", "y", offset, Count(v)));
                else if (result == OutputResult.Delta)
                    WriteElementwiseDelta($"{v}", Count(v), offset, delta, ScaledOfOne);
            }
        }
        if (result != OutputResult.Outputs && !LossTakesLogarithm)
            WriteLoss();
        if (result == OutputResult.Delta && delta is not null)
        {
            for (int v = Vectors; v < _layer.Layout.PaddedUnits / _vector.Lanes; v++)
                writer.Line(_vector.Store(_vector.Zero, delta, v * _vector.Lanes));
        }
    }

    /// <summary>
    /// Writes that row's loss, and its return. A loss that takes a logarithm is computed here, in a step behind the update: instructions end in their order, and so
    /// stores behind a logarithm would wait for it (measured, Zen 5: a step of 28-20-2 with softmax takes 57 ns in place of 66). Any other is there already: its outputs
    /// and targets would have to be kept (10-100 48 ns in place of 42).
    /// </summary>
    public void WriteLossOfRegisters()
    {
        if (LossTakesLogarithm)
            WriteLoss();
        writer.Line($"return {Lanes}.SumAcross(loss);");
    }

    private bool LossTakesLogarithm => Loss is Loss.CrossEntropy or Loss.BinaryCrossEntropy;

    private void WriteLoss()
    {
        bool fused = Activation == Activation.Softmax && Loss == Loss.CrossEntropy;
        if (fused)
        {
            writer.Line("// −Σ t ln y = Σ t (ln Σ eᶻ − z): no logarithm of a rounded probability.");
            writer.Line($"var logarithm = BpMath::VectorMath.LogFromOne<{Lanes}>(sum / {Lanes}.MaxInEveryLane({Largest(v => $"e{v}")}));");
        }
        for (int v = 0; v < Vectors; v++)
        {
            string term = fused ? $"t{v} * (logarithm - (z{v} - largest))" : ElementwiseLoss($"{v}", Count(v));
            writer.Line(v == 0 ? $"{Lanes} loss = {term};" : $"loss += {term};");
        }
    }

    // The number of real units in a vector where it is not full.
    private string? Count(int v) => v == Vectors - 1 && _layer.Units % _vector.Lanes != 0 ? $"{_layer.Units % _vector.Lanes}" : null;

    private string LoadRow(string name, int v) => LoadRow(name, $"{v * _vector.Lanes}", Count(v));

    private string LoadRow(string name, string offset, string? count) => count is { } first
        ? $"{Lanes}.LoadFirst(ref {name}, {offset}, {first})"
        : $"{Lanes}.Load(ref {name}, {offset})";

    private string StoreRow(string value, string name, string offset, string? count) => count is { } first
        ? $"{Lanes}.StoreFirst({value}, ref {name}, {offset}, {first});"
        : $"{Lanes}.Store({value}, ref {name}, {offset});";

    private string Keep(string value, string? count) => count is { } first ? $"{Lanes}.KeepFirst({value}, {first})" : value;

    private string Sum(string term) => string.Join(" + ", Enumerable.Range(0, Vectors).Select(v => $"{term}{v}"));

    private string Largest(Func<int, string> term) =>
        Enumerable.Range(0, Vectors).Select(term).Aggregate((largest, other) => $"{Lanes}.Max({largest}, {other})");

    // y = φ(z) of one vector v of a row, where it is asked for; z and t are in registers.
    private void WriteElementwise(OutputResult result, string v)
    {
        string value = Activation == Activation.Identity ? $"z{v}"
            : $"BpMath::{Activation}.Value<{Lanes}>(z{v}{(result == OutputResult.Delta && TakesSlope ? $", out var slope{v}" : "")})";
        if (result != OutputResult.Loss || Loss != Loss.BinaryCrossEntropy)
            writer.Line($"{Lanes} y{v} = {value};");
    }

    private bool TakesSlope => Loss != Loss.BinaryCrossEntropy && _layer.StoresDerivative;

    private string ElementwiseLoss(string v, string? count) =>
        Keep($"BpMath::{Loss}.Value<{Lanes}>({(Loss == Loss.BinaryCrossEntropy ? "z" : "y")}{v}, t{v})", count);

    private void WriteElementwiseDelta(string v, string? count, string offset, string? delta, Func<string, string> scaled)
    {
        string derivative = Loss == Loss.BinaryCrossEntropy ? $"(y{v} - t{v})" : $"BpMath::{Loss}.Derivative<{Lanes}>(y{v}, t{v})";
        string factor = Loss == Loss.BinaryCrossEntropy || Activation == Activation.Identity ? ""
            : TakesSlope ? $" * slope{v}"
            : $" * BpMath::{Activation}.DerivativeFromOutput<{Lanes}>(y{v})";
        WriteDelta(Keep(scaled($"{derivative}{factor}"), count), v, offset, delta);
    }

    private void WriteDelta(string value, string v, string offset, string? delta) =>
        writer.Line(delta is null ? $"{Lanes} delta{v} = {value};" : $"{Lanes}.Store({value}, ref {delta}, {offset});");

    private string Scaled(string delta) => $"{delta} * {Lanes}.Create(scale)";

    private string ScaledOfOne(string delta) => context.Plan.Spec.LossDivisor == 1 ? delta : $"{delta} * {Lanes}.Create({ScaleOfOne})";

    // Dividing by a power of two near the largest eᶻ keeps the exponentials finite and changes nothing else.
    private void WriteSoftmaxRegisters(OutputResult result, string? delta)
    {
        writer.Line($"var largest = {Lanes}.MaxInEveryLane({Largest(v => Finite($"z{v}", Count(v)))});");
        for (int v = 0; v < Vectors; v++)
            writer.Line($"var e{v} = {Keep($"BpMath::VectorMath.ExpInUnitsOf<{Lanes}>(z{v}, largest)", Count(v))};");
        writer.Line($"var sum = {Lanes}.SumInEveryLane({Sum("e")});");
        bool crossEntropy = Loss == Loss.CrossEntropy;
        if (result != OutputResult.Loss || !crossEntropy)
        {
            if (Vectors > 1)
                writer.Line($"var inverse = {Lanes}.Create(1f) / sum;");
            for (int v = 0; v < Vectors; v++)
                writer.Line($"{Lanes} y{v} = e{v} {(Vectors > 1 ? "* inverse" : "/ sum")};");
        }
        if (result == OutputResult.Outputs)
        {
            for (int v = 0; v < Vectors; v++)
                writer.Line(StoreRow($"y{v}", "y", $"{v * _vector.Lanes}", Count(v)));
            return;
        }
        if (result == OutputResult.Loss)
            return;
        if (crossEntropy)
        {
            for (int v = 0; v < Vectors; v++)
                WriteDelta(ScaledOfOne($"(y{v} - t{v})"), $"{v}", $"{v * _vector.Lanes}", delta);
            return;
        }
        writer.Line("// Softmax's Jacobian: δ = y ∘ (g − Σ g·y), with g = ∂C/∂y.");
        for (int v = 0; v < Vectors; v++)
        {
            writer.Line($"var g{v} = {ScaledOfOne($"BpMath::{Loss}.Derivative<{Lanes}>(y{v}, t{v})")};");
            writer.Line($"var gy{v} = g{v} * y{v};");
        }
        writer.Line($"var dot = {Lanes}.SumInEveryLane({Sum("gy")});");
        for (int v = 0; v < Vectors; v++)
            WriteDelta($"y{v} * (g{v} - dot)", $"{v}", $"{v * _vector.Lanes}", delta);
    }

    // The padding of z is 0, which may be larger than any real z: it must not become the maximum.
    private string Finite(string z, string? count) => count is { } first
        ? $"{Lanes}.Select({Lanes}.FirstLanes({first}), {z}, {Lanes}.Create(float.NegativeInfinity))"
        : z;

    private void WriteLoops(OutputResult result)
    {
        if (Activation != Activation.Softmax)
        {
            Pass((v, count, offset) =>
            {
                writer.Line($"var z{v} = {Lanes}.Load(ref z, {offset});");
                if (result != OutputResult.Outputs)
                    writer.Line($"var t{v} = {LoadRow("t", offset, count)};");
                WriteElementwise(result, v);
                if (result == OutputResult.Outputs)
                {
                    writer.Line(StoreRow($"y{v}", "y", offset, count));
                    return;
                }
                writer.Line($"loss += {ElementwiseLoss(v, count)};");
                if (result == OutputResult.Delta)
                    WriteElementwiseDelta(v, count, offset, "z", Scaled);
            });
            return;
        }

        bool crossEntropy = Loss == Loss.CrossEntropy;
        writer.Line($"var most = {Lanes}.Create(float.NegativeInfinity);");
        Pass((v, count, offset) => writer.Line($"most = {Lanes}.Max(most, {Finite($"{Lanes}.Load(ref z, {offset})", count)});"));
        writer.Line($"var largest = {Lanes}.MaxInEveryLane(most);");
        writer.Line($"var sums = {Lanes}.Create(0f);");
        bool keepsShifted = crossEntropy && result == OutputResult.Loss;
        if (crossEntropy && result != OutputResult.Outputs)
        {
            writer.Line($"var targets = {Lanes}.Create(0f);");
            writer.Line($"var weighted = {Lanes}.Create(0f);");
        }
        Pass((v, count, offset) =>
        {
            writer.Line($"var shifted{v} = {Lanes}.Load(ref z, {offset}) - largest;");
            writer.Line($"var e{v} = {Keep($"BpMath::VectorMath.ExpOfNonPositive<{Lanes}>(shifted{v})", count)};");
            writer.Line($"sums += e{v};");
            if (crossEntropy && result != OutputResult.Outputs)
            {
                writer.Line($"var t{v} = {LoadRow("t", offset, count)};");
                writer.Line($"targets += t{v};");
                writer.Line($"weighted += t{v} * shifted{v};");
            }
            if (!keepsShifted)
                writer.Line($"{Lanes}.Store(e{v}, ref z, {offset});");
        });
        writer.Line($"var sum = {Lanes}.SumInEveryLane(sums);");
        if (crossEntropy && result != OutputResult.Outputs)
        {
            writer.Line("// −Σ t ln y = Σ t (ln Σ eᶻ − z): no logarithm of a rounded probability.");
            writer.Line($"loss += BpMath::VectorMath.LogFromOne<{Lanes}>(sum) * targets - weighted;");
            if (result == OutputResult.Loss)
                return;
        }
        writer.Line($"var inverse = {Lanes}.Create(1f) / sum;");
        if (result == OutputResult.Outputs)
        {
            Pass((v, count, offset) => writer.Line(StoreRow($"{Lanes}.Load(ref z, {offset}) * inverse", "y", offset, count)));
            return;
        }
        if (crossEntropy)
        {
            Pass((v, count, offset) =>
            {
                writer.Line($"var difference{v} = {Lanes}.Load(ref z, {offset}) * inverse - {LoadRow("t", offset, count)};");
                writer.Line($"{Lanes}.Store(difference{v} * {Lanes}.Create(scale), ref z, {offset});");
            });
            return;
        }
        writer.Line($"var dots = {Lanes}.Create(0f);");
        Pass((v, count, offset) =>
        {
            writer.Line($"var y{v} = {Lanes}.Load(ref z, {offset}) * inverse;");
            writer.Line($"var t{v} = {LoadRow("t", offset, count)};");
            writer.Line($"loss += {Keep($"BpMath::{Loss}.Value<{Lanes}>(y{v}, t{v})", count)};");
            if (result == OutputResult.Delta)
            {
                writer.Line($"dots += BpMath::{Loss}.Derivative<{Lanes}>(y{v}, t{v}) * y{v};");
                writer.Line($"{Lanes}.Store(y{v}, ref z, {offset});");
            }
        });
        if (result == OutputResult.Loss)
            return;
        writer.Line("// Softmax's Jacobian: δ = y ∘ (g − Σ g·y), with g = ∂C/∂y.");
        writer.Line($"var dot = {Lanes}.SumInEveryLane(dots);");
        Pass((v, count, offset) =>
        {
            writer.Line($"var y{v} = {Lanes}.Load(ref z, {offset});");
            writer.Line($"var g{v} = BpMath::{Loss}.Derivative<{Lanes}>(y{v}, {LoadRow("t", offset, count)});");
            writer.Line($"{Lanes}.Store(y{v} * (g{v} - dot) * {Lanes}.Create(scale), ref z, {offset});");
        });
    }

    // A loop over the full vectors of a row, then the last one where it is not full; both in one where the activation is too dear for the
    // JIT to have it twice in a method.
    private void Pass(Action<string, string?, string> body)
    {
        if (_layer.StoresDerivative && _layer.Units % _vector.Lanes != 0)
        {
            using (writer.Block($"for (int i = 0; i < {_layer.Units}; i += {_vector.Lanes})"))
            {
                writer.Line($"int count = global::System.Math.Min({_vector.Lanes}, {_layer.Units} - i);");
                body("i", "count", "i");
            }
            return;
        }
        int full = _layer.Units / _vector.Lanes * _vector.Lanes;
        using (writer.Block($"for (int i = 0; i < {full}; i += {_vector.Lanes})"))
            body("i", null, "i");
        if (_layer.Units > full)
        {
            using (writer.Block())
                body("i", $"{_layer.Units - full}", $"{full}");
        }
    }
}
