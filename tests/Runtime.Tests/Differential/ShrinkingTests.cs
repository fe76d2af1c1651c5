using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>What a failure prints has to be small, and to fail.</summary>
public class ShrinkingTests
{
    [Fact]
    public void Only_what_matters_is_left()
    {
        NetworkSpec failing = RandomSpecs.Draw(seed: 1, count: 200).First(spec => spec.Layers.Count > 3 && Fails(spec));
        NetworkSpec smallest = Shrinking.Smallest(failing, specs => [.. specs.Select(Fails)]);
        Assert.Equal(new NetworkSpec(1, [new DenseSpec(17, Activation.Tanh)]) { Loss = Loss.HalfSquaredError }, smallest);

        static bool Fails(NetworkSpec spec) => spec.Layers.Any(layer => layer.Activation == Activation.Tanh && layer.Units >= 17);
    }

    [Fact]
    public void What_cannot_be_simpler_stays()
    {
        NetworkSpec spec = new(1, [new DenseSpec(1)]) { Loss = Loss.HalfSquaredError };
        Assert.Equal(spec, Shrinking.Smallest(spec, specs => [.. specs.Select(_ => true)]));
    }
}
