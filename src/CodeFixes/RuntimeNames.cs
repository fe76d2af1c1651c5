using Microsoft.CodeAnalysis;

namespace Backprop.CodeFixes;

/// <summary>The runtime's names as they are written shortest at a place in the source.</summary>
internal static class RuntimeNames
{
    /// <summary>A value of one of the runtime's enumerations: <c>Activation.Softmax</c>, or with its namespace where that is not used.</summary>
    public static string ValueOf(string enumeration, string value, SemanticModel model, int position)
    {
        INamedTypeSymbol? type = model.Compilation.GetTypeByMetadataName($"Backprop.{enumeration}");
        return $"{type?.ToMinimalDisplayString(model, position) ?? $"global::Backprop.{enumeration}"}.{value}";
    }
}
