using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Generator.Parsing;

/// <summary>The arguments of one attribute, by the name of the constructor's parameter or of the property.</summary>
/// <param name="attribute">The attribute.</param>
internal sealed class AttributeArguments(WrittenAttribute attribute)
{
    /// <summary>
    /// Whether the compiler understood every argument. Where not, it reports an error itself, unless the argument is a constant
    /// that a generator emits (BP0027).
    /// </summary>
    public bool AreKnown =>
        attribute.Data.AttributeConstructor is { } constructor
        && attribute.Data.ConstructorArguments.Length == constructor.Parameters.Length
        && attribute.Data.ConstructorArguments.All(argument => argument.Kind != TypedConstantKind.Error)
        && attribute.Data.NamedArguments.All(argument => argument.Value.Kind != TypedConstantKind.Error)
        && attribute.Data.NamedArguments.Length == Written.Count(argument => argument.NameEquals is not null);

    /// <summary>The value of an argument, of an enumeration its number; the given one where the argument is absent.</summary>
    public T Get<T>(string name, T absent) where T : struct
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.Data.NamedArguments)
        {
            if (argument.Key == name)
                return ValueOf(argument.Value);
        }
        int ordinal = OrdinalOf(name);
        return ordinal < 0 ? absent : ValueOf(attribute.Data.ConstructorArguments[ordinal]);

        T ValueOf(TypedConstant constant) => constant is { Kind: TypedConstantKind.Primitive or TypedConstantKind.Enum, Value: T value } ? value : absent;
    }

    /// <summary>Where an argument is written, its name compared without regard to case; the whole attribute where it is absent.</summary>
    public Location LocationOf(string name)
    {
        int ordinal = OrdinalOf(name);
        AttributeArgumentSyntax? found = Written.Where((argument, i) =>
            (argument.NameEquals?.Name ?? argument.NameColon?.Name) is { } written ? Same(written.Identifier.ValueText, name) : i == ordinal).FirstOrDefault();
        return (found?.Expression ?? (SyntaxNode)attribute.Syntax).GetLocation();
    }

    private IEnumerable<AttributeArgumentSyntax> Written => attribute.Syntax.ArgumentList?.Arguments ?? [];

    private int OrdinalOf(string name) => attribute.Data.AttributeConstructor?.Parameters.FirstOrDefault(parameter => Same(parameter.Name, name))?.Ordinal ?? -1;

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
