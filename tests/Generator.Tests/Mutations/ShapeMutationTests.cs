using Xunit.Abstractions;

namespace Generator.Tests.Mutations;

/// <summary>However the class is declared.</summary>
public class ShapeMutationTests(ITestOutputHelper output)
{
    [Fact]
    public void Any_declaration_is_served_or_refused() =>
        MutationRun.Judge(output, MutationRun.Draw(MutationRun.Count(ci: 200, otherwise: 100), random => new ShapeMutations(random).Draw()));
}
