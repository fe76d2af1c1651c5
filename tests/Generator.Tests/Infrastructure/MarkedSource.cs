using Microsoft.CodeAnalysis;

namespace Generator.Tests.Infrastructure;

/// <summary>A source text in which « and » enclose what a diagnostic is expected at.</summary>
internal static class MarkedSource
{
    /// <summary>The text without its marks.</summary>
    public static string Plain(string marked) => marked.Replace("«", "").Replace("»", "");

    /// <summary>The first file in which a diagnostic is, with marks around its place.</summary>
    public static string Mark(Diagnostic diagnostic)
    {
        string text = diagnostic.Location.SourceTree!.ToString();
        return text.Insert(diagnostic.Location.SourceSpan.End, "»").Insert(diagnostic.Location.SourceSpan.Start, "«");
    }
}
