using Microsoft.CodeAnalysis;

namespace Backprop.Generator.Parsing;

/// <summary>The names and signatures that emitted code takes in a network's class.</summary>
internal static class EmittedMembers
{
    private const string Inputs = "System.ReadOnlySpan<float>";
    private const string Outputs = "System.Span<float>";

    /// <summary>Fields, properties and nested classes: no other member of any kind may have these names.</summary>
    private static readonly HashSet<string> s_names =
    [
        "InputSize", "OutputSize", "ParameterCount", "Spec", "get_Spec",
        "_parameters", "_gradientBlock",
        "Vector512Kernels", "Vector256Kernels", "Vector128Kernels", "ScalarKernels", "WidestKernels", "Shapes",
    ];

    /// <summary>Methods: others may overload them.</summary>
    private static readonly HashSet<string> s_signatures =
    [
        $"Forward({Inputs}, {Outputs})",
        $"ComputeLoss({Inputs}, {Inputs})",
        $"Backward({Inputs}, {Inputs}, {Outputs})",
        $"Backward({Inputs}, {Inputs}, {Outputs}, {Outputs})",
        $"TrainStep({Inputs}, {Inputs}, float)",
        $"TrainStep`1({Inputs}, {Inputs}, ref !0)",
        $"CopyParametersTo({Outputs})",
        $"LoadParameters({Inputs})",
    ];

    private static readonly HashSet<string> s_methods = [.. s_signatures.Select(signature => signature.Split('(', '`')[0])];

    /// <summary>Whether a class of this name could not have the emitted members: C# lets no member have the name of its class.</summary>
    public static bool Include(string name) => s_names.Contains(name) || s_methods.Contains(name);

    /// <summary>What is emitted under the name of another member, as a message says it; null where the two go together.</summary>
    public static string? ClashWith(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Ordinary } method when SignatureOf(method) is var signature =>
            s_names.Contains(method.Name) ? method.Name : s_signatures.Contains(signature) ? signature : null,
        IMethodSymbol { ExplicitInterfaceImplementations: { Length: > 0 } implemented } => ClashWithExplicit(implemented[0]),
        IMethodSymbol => null,
        IPropertySymbol { ExplicitInterfaceImplementations: { Length: > 0 } implemented } => ClashWithExplicit(implemented[0]),
        _ => Include(member.Name) ? member.Name : null,
    };

    /// <summary>Explicit implementations clash with explicit ones: all of IGradientSource, and the properties of INetwork and its Create.</summary>
    private static string? ClashWithExplicit(ISymbol implemented) => implemented.ContainingType.MetadataName switch
    {
        "INetwork`1" when implemented is IPropertySymbol || implemented.Name == "Create" => implemented.Name,
        "IGradientSource" => implemented.Name,
        _ => null,
    };

    /// <summary>What C# tells overloads apart by: name, number of type parameters, and the parameters' types.</summary>
    private static string SignatureOf(IMethodSymbol method)
    {
        string arity = method.Arity == 0 ? "" : $"`{method.Arity}";
        return $"{method.Name}{arity}({string.Join(", ", method.Parameters.Select(TypeOf))})";
    }

    private static string TypeOf(IParameterSymbol parameter)
    {
        string type = parameter.Type is ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method } own ? $"!{own.Ordinal}" : parameter.Type.ToDisplayString();
        return parameter.RefKind == RefKind.None ? type : $"ref {type}"; // ref, in and out are no difference.
    }
}
