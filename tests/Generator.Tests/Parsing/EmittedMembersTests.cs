using Backprop.Generator.Parsing;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Parsing;

public class EmittedMembersTests
{
    /// <summary>A user's member of the same name would be an error in the emitted file, unless it is known and refused.</summary>
    [Fact]
    public void Every_member_that_is_emitted_is_known_to_clash()
    {
        GeneratorRun run = GeneratorHarness.Run("[Backprop.Network(3)] [Backprop.Dense(2)] public partial class Net;");
        ISymbol[] emitted = [.. run.Output.GetTypeByMetadataName("Net")!.GetMembers().Where(member =>
            !member.IsImplicitlyDeclared && member is not IMethodSymbol { MethodKind: not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation) })];
        Assert.Contains(emitted, member => member.Name == "Forward");
        Assert.DoesNotContain(emitted, member => EmittedMembers.ClashWith(member) is null);
    }
}
