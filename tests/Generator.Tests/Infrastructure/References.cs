extern alias Runtime;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Infrastructure;

/// <summary>The assemblies that a user's project is compiled against.</summary>
internal static class References
{
    private static readonly string s_runtime = typeof(Runtime::Backprop.NetworkAttribute).Assembly.Location;

    // The framework's own directory: the list also has the test's assemblies, the generator among them.
    private static readonly Lazy<ImmutableArray<MetadataReference>> s_current = new(() => Load(
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Append(s_runtime)));

    private static readonly Lazy<ImmutableArray<MetadataReference>> s_net8 = new(() => Load(
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "net8-references.txt"))));

    /// <summary>The assemblies of a platform, and the runtime's.</summary>
    public static IEnumerable<MetadataReference> For(HarnessOptions options)
    {
        ImmutableArray<MetadataReference> references = options.Platform == Platform.Net8 ? s_net8.Value : s_current.Value;
        return options.RuntimeAlias is not { } alias ? references
            : references.Select(reference => IsRuntime(reference) ? reference.WithAliases([alias]) : reference);
    }

    /// <summary>The assemblies of the platform that the tests run on, without Backprop's.</summary>
    public static IEnumerable<MetadataReference> Framework => s_current.Value.Where(reference => !IsRuntime(reference));

    private static bool IsRuntime(MetadataReference reference) => Path.GetFileName(reference.Display) == Path.GetFileName(s_runtime);

    private static ImmutableArray<MetadataReference> Load(IEnumerable<string> paths) =>
        [.. paths.Select(path => MetadataReference.CreateFromFile(path))];
}
