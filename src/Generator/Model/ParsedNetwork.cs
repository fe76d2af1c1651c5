namespace Backprop.Generator.Model;

/// <summary>What parsing makes of a class that asks to be a network: one of the two.</summary>
/// <param name="Served">The network, where its specification is sound.</param>
/// <param name="Refused">The class, where its declaration can be added to but its specification is not sound.</param>
internal sealed record ParsedNetwork(NetworkModel? Served, RefusedNetwork? Refused);

/// <summary>
/// A class whose specification is refused. It still gets the members of a network, so that the compiler reports what is
/// wrong once, at the attributes, and not again wherever the class is used.
/// </summary>
/// <param name="Namespace">As in <see cref="NetworkModel"/>.</param>
/// <param name="ContainingTypes">As in <see cref="NetworkModel"/>.</param>
/// <param name="Declaration">As in <see cref="NetworkModel"/>.</param>
/// <param name="HintName">As in <see cref="NetworkModel"/>.</param>
internal sealed record RefusedNetwork(
    string Namespace,
    EquatableArray<TypeDeclaration> ContainingTypes,
    TypeDeclaration Declaration,
    string HintName);
