using Backprop.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Generator.Parsing;

/// <summary>The rules of what a network's class has beside the emitted members, so that these compile, and without a warning.</summary>
internal static class MemberRules
{
    /// <summary>Adds every rule that the class breaks.</summary>
    /// <param name="type">The class.</param>
    /// <param name="declaration">The declaration that bears [Network].</param>
    /// <param name="compilation">The compilation that the class is part of.</param>
    /// <param name="findings">Where broken rules go.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static void Check(INamedTypeSymbol type, TypeDeclarationSyntax declaration, Compilation compilation, Findings findings, CancellationToken cancellation)
    {
        Location identifier = declaration.Identifier.GetLocation();
        if (EmittedMembers.Include(type.Name))
            findings.Add(Descriptors.MemberClash, identifier, type.Name, "no member has the name of its class");

        CheckConstructors(type, findings, cancellation);
        foreach (ISymbol member in type.GetMembers().Where(member => member.UserDeclarations(cancellation).Any()))
        {
            Location location = member.Locations.First(place => place.SourceTree is { } tree && !GeneratedTrees.Contain(tree));
            if (EmittedMembers.ClashWith(member) is { } emitted)
                findings.Add(Descriptors.MemberClash, location, emitted, "this member clashes with it");
            if (IsRequired(member))
                findings.Add(Descriptors.RequiredMember, location, member.Name);
        }
        CheckBase(type, identifier, compilation, findings);
    }

    private static void CheckConstructors(INamedTypeSymbol type, Findings findings, CancellationToken cancellation)
    {
        foreach (IMethodSymbol constructor in type.InstanceConstructors.Where(constructor => !constructor.IsImplicitlyDeclared))
        {
            switch (constructor.UserDeclarations(cancellation).FirstOrDefault())
            {
                case TypeDeclarationSyntax { ParameterList: { } parameters }:
                    findings.Add(Descriptors.ConstructorUnchained, parameters.GetLocation(), "write it in the class's body, and chain it with ': this(seed)'");
                    break;
                case ConstructorDeclarationSyntax declaration when TakesSeed(constructor):
                    findings.Add(Descriptors.MemberClash, declaration.Identifier.GetLocation(), $"{type.Name}(int seed = 0)", "this constructor clashes with it");
                    break;
                case ConstructorDeclarationSyntax declaration when !declaration.Initializer.IsKind(SyntaxKind.ThisConstructorInitializer):
                    findings.Add(Descriptors.ConstructorUnchained, declaration.Identifier.GetLocation(), "chain it with ': this(seed)'");
                    break;
            }
        }
    }

    private static void CheckBase(INamedTypeSymbol type, Location identifier, Compilation compilation, Findings findings)
    {
        for (INamedTypeSymbol? ancestor = type.BaseType; ancestor is { TypeKind: TypeKind.Class, SpecialType: not SpecialType.System_Object }; ancestor = ancestor.BaseType)
        {
            if (NetworkAttributes.IsNetwork(ancestor))
            {
                // Its members are there only after generation, and all of them would be hidden.
                findings.Add(Descriptors.NetworkBase, identifier, ancestor.Name);
                return;
            }
            bool reachable(ISymbol member) => compilation.IsSymbolAccessibleWithin(member, type);
            if (ReferenceEquals(ancestor, type.BaseType)
                && !ancestor.InstanceConstructors.Any(constructor => reachable(constructor) && constructor.Parameters.All(parameter => parameter.IsOptional || parameter.IsParams)))
            {
                findings.Add(Descriptors.BaseConstructor, identifier, ancestor.Name);
            }
            foreach (ISymbol member in ancestor.GetMembers().Where(reachable))
            {
                if (EmittedMembers.ClashWith(member) is { } emitted)
                    findings.Add(Descriptors.MemberClash, identifier, emitted, $"'{ancestor.Name}.{member.Name}', which it inherits, would be hidden by it");
                if (IsRequired(member))
                    findings.Add(Descriptors.RequiredMember, identifier, $"{ancestor.Name}.{member.Name}");
            }
        }
    }

    private static bool TakesSeed(IMethodSymbol constructor) =>
        constructor.Parameters.Length == 1 && constructor.Parameters[0] is { Type.SpecialType: SpecialType.System_Int32, RefKind: RefKind.None };

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };
}
