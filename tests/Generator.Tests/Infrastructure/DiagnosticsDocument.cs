using System.Text.RegularExpressions;

namespace Generator.Tests.Infrastructure;

/// <summary>The repository's docs/diagnostics.md.</summary>
internal static partial class DiagnosticsDocument
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The text.</summary>
    public static string Text { get; } = File.ReadAllText(Path.Combine(Root, "docs", "diagnostics.md"));

    /// <summary>The diagnostics that it lists a code fix for.</summary>
    public static IEnumerable<string> FixableIds =>
        LinkedId().Matches(Text[Text.IndexOf("# Code fixes", StringComparison.Ordinal)..]).Select(match => match.Value).Distinct();

    [GeneratedRegex(@"(?<=\[)BP[0-9]{4}(?=\])")]
    private static partial Regex LinkedId();

    private static string FindRoot()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Backprop.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("Run the tests inside the repository.");
        return directory;
    }
}
