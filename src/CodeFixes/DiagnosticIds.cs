namespace Backprop.CodeFixes;

/// <summary>The diagnostics that have a fix, as the generator numbers them (its assembly is not referenced: editors load each alone).</summary>
internal static class DiagnosticIds
{
    public const string CrossEntropyNeedsSoftmax = "BP0008";
    public const string BinaryCrossEntropyNeedsSigmoid = "BP0009";
    public const string NotPartial = "BP0010";
    public const string ContainingTypeNotPartial = "BP0011";
    public const string AttributesSpread = "BP0017";
}
