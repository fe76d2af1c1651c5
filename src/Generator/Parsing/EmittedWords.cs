using Microsoft.CodeAnalysis;

namespace Backprop.Generator.Parsing;

/// <summary>The names of others that emitted code is written with, and what takes their meaning away.</summary>
internal static class EmittedWords
{
    /// <summary>A type of one of these names would stand for the namespace.</summary>
    private static readonly string[] s_namespaces =
    [
        "System", "System.Runtime", "System.Runtime.Intrinsics", "System.Runtime.CompilerServices", "System.Runtime.InteropServices",
        "Backprop", "Backprop.Kernels", "Backprop.Numerics",
    ];

    /// <summary>A type of the user's project with one of these names would be preferred to the platform's.</summary>
    private static readonly string[] s_types =
    [
        "System.Span`1", "System.ReadOnlySpan`1", "System.Math", "System.InvalidOperationException",
        "System.Runtime.Intrinsics.Vector128", "System.Runtime.Intrinsics.Vector256", "System.Runtime.Intrinsics.Vector512",
        "System.Runtime.Intrinsics.Vector128`1", "System.Runtime.Intrinsics.Vector256`1", "System.Runtime.Intrinsics.Vector512`1",
        "System.Runtime.CompilerServices.Unsafe", "System.Runtime.CompilerServices.MethodImplAttribute", "System.Runtime.CompilerServices.MethodImplOptions",
        "System.Runtime.InteropServices.MemoryMarshal",
    ];

    /// <summary>A word that means another type where a network stands, and that type; null where all mean what they should.</summary>
    /// <param name="type">The network.</param>
    /// <param name="compilation">Its project.</param>
    /// <param name="runtime">The assembly that has [Network].</param>
    public static (string Word, INamedTypeSymbol Type)? TakenFrom(INamedTypeSymbol type, Compilation compilation, IAssemblySymbol? runtime)
    {
        if (VisibleFrom(type, "var") is { } variable)
            return ("var", variable);
        IAssemblySymbol project = compilation.Assembly;
        foreach (string name in s_namespaces.Concat(s_types))
        {
            if (project.GetTypeByMetadataName(name) is { } found)
                return ($"global::{name.Split('`')[0]}", found);
        }
        if (runtime is null || SymbolEqualityComparer.Default.Equals(runtime, project))
            return null;
        return s_namespaces.Where(name => name.StartsWith(nameof(Backprop), StringComparison.Ordinal))
            .SelectMany(name => TypesIn(project.GlobalNamespace, name))
            .Where(own => runtime.GetTypeByMetadataName($"{own.ContainingNamespace.ToDisplayString()}.{own.MetadataName}") is not null)
            .Select(own => ((string, INamedTypeSymbol)?)($"global::{own.ContainingNamespace.ToDisplayString()}.{own.Name}", own))
            .FirstOrDefault();
    }

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceSymbol root, string name)
    {
        INamespaceSymbol? found = root;
        foreach (string part in name.Split('.'))
            found = found?.GetNamespaceMembers().FirstOrDefault(member => member.Name == part);
        return found?.GetTypeMembers() ?? Enumerable.Empty<INamedTypeSymbol>();
    }

    /// <summary>A type that a simple name means in the body of a type, if any; the usings of its file do not count.</summary>
    private static INamedTypeSymbol? VisibleFrom(INamedTypeSymbol type, string name)
    {
        for (INamespaceOrTypeSymbol? scope = type; scope is not null; scope = scope.ContainingSymbol as INamespaceOrTypeSymbol)
        {
            for (INamespaceOrTypeSymbol? part = scope; part is not null; part = (part as INamedTypeSymbol)?.BaseType)
            {
                if (part.GetTypeMembers(name).FirstOrDefault() is { } found)
                    return found;
            }
        }
        return null;
    }
}
