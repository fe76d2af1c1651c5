using Xunit.Abstractions;

namespace Generator.Tests.Mutations;

/// <summary>Whatever is written in the attributes.</summary>
public class ArgumentMutationTests(ITestOutputHelper output)
{
    [Fact]
    public void Any_arguments_are_served_or_refused() =>
        MutationRun.Judge(output, MutationRun.Draw(MutationRun.Count(ci: 200, otherwise: 100), random => [new ArgumentMutations(random).Draw()]));
}
