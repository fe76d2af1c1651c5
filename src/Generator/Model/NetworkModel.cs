namespace Backprop.Generator.Model;

/// <summary>One network class as parsing found it: all that planning and emitting need, and nothing of Roslyn.</summary>
/// <param name="Namespace">The namespace, escaped as C# source (<c>@class.Inner</c>); empty for the global one.</param>
/// <param name="ContainingTypes">The declarations that the class is nested in, outermost first.</param>
/// <param name="Declaration">How the class itself is declared.</param>
/// <param name="HintName">The stem of the emitted files' names, unique among the compilation's networks.</param>
/// <param name="Spec">What was asked; keeps every <see cref="SpecificationRules"/>.</param>
/// <param name="Target">What the user's project compiles for.</param>
internal sealed record NetworkModel(
    string Namespace,
    EquatableArray<TypeDeclaration> ContainingTypes,
    TypeDeclaration Declaration,
    string HintName,
    NetworkSpec Spec,
    TargetFeatures Target);

/// <summary>One level of a nested declaration.</summary>
/// <param name="Keywords">Keywords up to the name, without accessibility: <c>partial class</c>, <c>partial record struct</c>.</param>
/// <param name="Name">The name, escaped, with type parameters.</param>
internal sealed record TypeDeclaration(string Keywords, string Name);

/// <summary>What the user's compilation offers.</summary>
/// <param name="HasMultiplyAddEstimate">Whether <c>Vector512.MultiplyAddEstimate</c> exists (.NET 9 and later).</param>
internal sealed record TargetFeatures(bool HasMultiplyAddEstimate);
