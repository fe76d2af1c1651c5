using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// A row of the output layer, its units in the lanes: how its vectors are read and written, of which the last may be padding in part, and what of the output
/// stage is the same for a row in registers (<see cref="OutputRegistersEmitter"/>) and for one in memory (<see cref="OutputLoopsEmitter"/>). Of a vector
/// v the names are <c>z</c>v, <c>t</c>v, <c>y</c>v.
/// </summary>
internal sealed class OutputRow(SourceWriter writer, KernelContext context)
{
    private readonly VectorSyntax _vector = context.Vector(context.Plan.Output);

    /// <summary>The layer.</summary>
    public LayerPlan Layer => context.Plan.Output;

    /// <summary>Its activation.</summary>
    public Activation Activation => Layer.Activation;

    /// <summary>The network's loss.</summary>
    public Loss Loss => context.Plan.Spec.Loss;

    /// <summary>The vector's wrapper.</summary>
    public string Lanes => _vector.Wrapper;

    /// <summary>The floats of a vector.</summary>
    public int VectorLength => _vector.Lanes;

    /// <summary>The vectors that hold at least one real unit.</summary>
    public int Vectors => (Layer.Units + VectorLength - 1) / VectorLength;

    /// <summary>Loads a vector of a row.</summary>
    /// <param name="name">The reference to the row.</param>
    /// <param name="offset">Where the vector begins.</param>
    /// <param name="count">Its real units, where they do not fill it.</param>
    public string Load(string name, string offset, string? count) => count is null
        ? $"{Lanes}.Load(ref {name}, {offset})"
        : $"{Lanes}.LoadFirst(ref {name}, {offset}, {count})";

    /// <summary>Stores a vector of a row.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="name">The reference to the row.</param>
    /// <param name="offset">Where the vector begins.</param>
    /// <param name="count">Its real units, where they do not fill it.</param>
    public string Store(string value, string name, string offset, string? count) => count is null
        ? $"{Lanes}.Store({value}, ref {name}, {offset});"
        : $"{Lanes}.StoreFirst({value}, ref {name}, {offset}, {count});";

    /// <summary>A vector with 0 for padding.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="count">Its real units, where they do not fill it.</param>
    public string Keep(string value, string? count) => count is null ? value : $"{Lanes}.KeepFirst({value}, {count})";

    /// <summary>A vector of z for a maximum: its padding is 0, which may be larger than any real z and must not become it.</summary>
    /// <param name="z">The vector.</param>
    /// <param name="count">Its real units, where they do not fill it.</param>
    public string Finite(string z, string? count) => count is null
        ? z
        : $"{Lanes}.Select({Lanes}.FirstLanes({count}), {z}, {Lanes}.Create(float.NegativeInfinity))";

    /// <summary>Writes y = φ(z) of a vector where it is asked for; φ is not softmax.</summary>
    /// <param name="result">What is asked.</param>
    /// <param name="v">The vector.</param>
    public void WriteActivation(OutputResult result, string v)
    {
        string value = Activation == Activation.Identity ? $"z{v}"
            : $"BpMath::{Activation}.Value<{Lanes}>(z{v}{(result == OutputResult.Delta && TakesSlope ? $", out var slope{v}" : "")})";
        if (result != OutputResult.Loss || Loss != Loss.BinaryCrossEntropy)
            writer.Line($"{Lanes} y{v} = {value};");
    }

    /// <summary>The loss of a vector.</summary>
    /// <param name="v">The vector.</param>
    /// <param name="count">Its real units, where they do not fill it.</param>
    public string LossOf(string v, string? count) =>
        Keep($"BpMath::{Loss}.Value<{Lanes}>({(Loss == Loss.BinaryCrossEntropy ? "z" : "y")}{v}, t{v})", count);

    /// <summary>δ of a vector whose y is there, still to be scaled; φ is not softmax.</summary>
    /// <param name="v">The vector.</param>
    public string DeltaOf(string v)
    {
        if (Loss == Loss.BinaryCrossEntropy)
            return $"(y{v} - t{v})";
        string factor = Activation == Activation.Identity ? "" : TakesSlope ? $" * slope{v}" : $" * BpMath::{Activation}.DerivativeFromOutput<{Lanes}>(y{v})";
        return $"BpMath::{Loss}.Derivative<{Lanes}>(y{v}, t{v}){factor}";
    }

    private bool TakesSlope => Loss != Loss.BinaryCrossEntropy && Layer.StoresDerivative;
}
