using Xunit.Abstractions;

namespace Generator.Tests.Mutations;

/// <summary>Whatever is written in the attributes.</summary>
public class ArgumentMutationTests(ITestOutputHelper output)
{
    /// <summary>Found by BACKPROP_SEED=11896386: a number in the place of an activation, which only with the emitted member is one.</summary>
    [Fact]
    public void An_emitted_member_as_a_wrong_argument() =>
        Assert.Empty(Verdict.Of("using Backprop; [Network(2), Dense(1, Net.InputSize)] partial class Net;").Wrong);

    [Fact]
    public void Any_arguments_are_served_or_refused() =>
        MutationRun.Judge(output, MutationRun.Draw(MutationRun.Count(ci: 200, otherwise: 100), random => [new ArgumentMutations(random).Draw()]));
}
