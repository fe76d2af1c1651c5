namespace Backprop.CodeFixes;

/// <summary>
/// The diagnostics that have a fix. (The generator's assembly, which has their descriptors, is not referenced: editors load
/// each of the two alone.)
/// </summary>
internal static class DiagnosticIds
{
    public const string CrossEntropyNeedsSoftmax = "BP0008";
    public const string BinaryCrossEntropyNeedsSigmoid = "BP0009";
    public const string NotPartial = "BP0010";
    public const string ContainingTypeNotPartial = "BP0011";
    public const string Static = "BP0013";
    public const string Abstract = "BP0014";
    public const string FileLocal = "BP0016";
    public const string AttributesSpread = "BP0017";
    public const string RegressionOutput = "BP0029";
    public const string Saturation = "BP0030";
    public const string UnrollBeyondBudget = "BP0032";

    /// <summary>The property of a diagnostic that is there where the outputs are probabilities.</summary>
    public const string Probabilities = nameof(Probabilities);

    /// <summary>The property of a diagnostic that names the value to put in the place of what it is at.</summary>
    public const string Replacement = nameof(Replacement);
}
