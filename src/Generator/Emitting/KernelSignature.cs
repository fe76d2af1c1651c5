namespace Backprop.Generator.Emitting;

/// <summary>
/// The signature of a kernel that the passes call, INetworkKernels' in the runtime: each width's class declares it, and what chooses
/// between the widths calls it.
/// </summary>
/// <param name="Result">What it returns.</param>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Its parameters but the last, the scratch memory.</param>
internal sealed record KernelSignature(string Result, string Name, params string[] Parameters)
{
    public static readonly KernelSignature ForwardOne = new("void", "ForwardOne", "parameters", "x", "y");
    public static readonly KernelSignature LossOne = new("float", "LossOne", "parameters", "x", "t");
    public static readonly KernelSignature GradientOne = new("float", "GradientOne", "parameters", "x", "t", "target", "sink", "dx");
    public static readonly KernelSignature ForwardBatch = new("void", "ForwardBatch", "parameters", "x", "y", "samples");
    public static readonly KernelSignature LossBatch = new("float", "LossBatch", "parameters", "x", "t", "samples");
    public static readonly KernelSignature GradientBatch = new("float", "GradientBatch", "parameters", "x", "t", "samples", "scale", "target", "sink", "dx");

    /// <summary>The kernel of a batch that has the samples in the lanes, where there is one without besides.</summary>
    public KernelSignature InLanes => this with { Name = Name.Replace("Batch", "Lanes") };

    private bool TakesSink => Parameters.Contains("sink");

    /// <summary>The declaration.</summary>
    /// <param name="modifiers">What precedes the result.</param>
    /// <param name="scratch">Whether it takes scratch memory.</param>
    public string Declare(string modifiers, bool scratch = true)
    {
        string parameters = string.Join(", ", All(scratch).Select(name => $"{TypeOf(name)} {name}"));
        return $"{modifiers} {Result} {Name}{(TakesSink ? "<TSink>" : "")}({parameters}){(TakesSink ? $" {Names.SinkConstraint}" : "")}";
    }

    /// <summary>The call with arguments of the parameters' names.</summary>
    /// <param name="scratch">Whether it takes scratch memory.</param>
    public string Call(bool scratch = true) =>
        $"{Name}({string.Join(", ", All(scratch).Select(name => TypeOf(name).StartsWith("ref", StringComparison.Ordinal) ? $"ref {name}" : name))})";

    private IEnumerable<string> All(bool scratch) => scratch ? Parameters.Append("scratch") : Parameters;

    private static string TypeOf(string parameter) => parameter switch
    {
        "samples" => "int",
        "scale" => "float",
        "sink" => "ref TSink",
        _ => "ref float",
    };
}
