using Backprop;
using Runtime.Tests.Differential;

namespace Generator.Tests.Planning;

/// <summary>A generator of test cases that silently drew few or similar ones would leave other tests without content.</summary>
public class RandomSpecsTests
{
    [Fact]
    public void Draws_as_many_as_asked_all_sound_and_different()
    {
        IReadOnlyList<NetworkSpec> specs = RandomSpecs.Draw(seed: 3, count: 300);
        Assert.Equal(300, specs.Count);
        Assert.All(specs, spec => Assert.Empty(SpecificationRules.Check(spec)));
        Assert.InRange(specs.Distinct().Count(), 290, 300);
        Assert.Equal(Enumerable.Range(1, 8), specs.Select(spec => spec.Layers.Count).Distinct().Order());
        Assert.Equal(Enum.GetValues<Activation>(), specs.SelectMany(spec => spec.Layers).Select(layer => layer.Activation).Distinct().Order());
        Assert.Equal(Enum.GetValues<Loss>(), specs.Select(spec => spec.Loss).Distinct().Order());
        Assert.Equal(Enum.GetValues<Unroll>(), specs.Select(spec => spec.Unroll).Distinct().Order());
        Assert.Subset(specs.SelectMany(spec => spec.Layers).Select(layer => layer.Units).ToHashSet(), RandomSpecs.Edges.ToHashSet());
        Assert.Contains(specs, spec => spec.Inputs >= 1000 || spec.Layers.Any(layer => layer.Units >= 500));
        Assert.Equal(specs, RandomSpecs.Draw(seed: 3, count: 300));
        Assert.NotEqual(specs, RandomSpecs.Draw(seed: 4, count: 300));
    }
}
