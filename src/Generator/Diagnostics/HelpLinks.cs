using System.Reflection;

namespace Backprop.Generator.Diagnostics;

/// <summary>Where editors lead from a diagnostic: to its section of docs/diagnostics.md, in the project's repository.</summary>
internal static class HelpLinks
{
    // The build writes the project's address into the assembly; Directory.Build.props has it.
    private static readonly string s_document =
        typeof(HelpLinks).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryUrl").Value
        + "/blob/main/docs/diagnostics.md#";

    /// <summary>The address of a diagnostic's section.</summary>
    public static string Of(string id) => s_document + id.ToLowerInvariant();
}
