using Backprop;

namespace Runtime.Tests.Specification;

/// <summary>Initial parameters: pinned values, bounds and moments of each distribution.</summary>
public class ParameterInitializerTests
{
    /// <summary>Computed by an independent implementation of the documented generator and formulas.</summary>
    [Theory]
    [InlineData(Initializer.Default, new[]
    {
        0.23431395f, 0.0235981755f, 0.0855698884f, -0.125482917f, 0.227682024f, -0.411567569f, -0.49531433f, -0.137196377f,
    })]
    [InlineData(Initializer.HeNormal, new[]
    {
        0.0963626504f, -0.35742411f, -1.64875209f, -0.179163337f, 0.545243323f, 1.36743343f, 0, 0,
    })]
    public void ValuesArePinned(Initializer initializer, float[] expected) => Assert.Equal(expected, Fill(initializer, 3, 2, seed: 1));

    [Theory]
    [InlineData(Initializer.Default, 1.0 / 100)]
    [InlineData(Initializer.GlorotUniform, 6.0 / 150)]
    [InlineData(Initializer.HeUniform, 6.0 / 100)]
    public void UniformOnesFillTheirInterval(Initializer initializer, double limitSquared)
    {
        float[] weights = Fill(initializer, 100, 50, seed: 2)[..5000];
        double limit = Math.Sqrt(limitSquared);
        Assert.All(weights, w => Assert.InRange(w, -limit, limit));
        Assert.InRange(weights.Max(), 0.99 * limit, limit);
        Assert.InRange(weights.Average(w => w * w) / (limitSquared / 3), 0.95, 1.05);
    }

    [Theory]
    [InlineData(Initializer.GlorotNormal, 2.0 / 150)]
    [InlineData(Initializer.HeNormal, 2.0 / 100)]
    public void NormalOnesHaveTheirVariance(Initializer initializer, double variance)
    {
        float[] weights = Fill(initializer, 100, 50, seed: 3)[..5000];
        Assert.InRange(weights.Average(w => w * w) / variance, 0.92, 1.08);
        Assert.Contains(weights, w => w * w > 9 * variance);
    }

    [Theory]
    [InlineData(Initializer.GlorotUniform)]
    [InlineData(Initializer.GlorotNormal)]
    [InlineData(Initializer.HeUniform)]
    [InlineData(Initializer.HeNormal)]
    [InlineData(Initializer.Zeros)]
    public void BiasesAreZeroExceptByDefault(Initializer initializer)
    {
        float[] parameters = Fill(initializer, 4, 3, seed: 1);
        Assert.All(parameters[12..], bias => Assert.Equal(0, bias));
        Assert.Equal(initializer == Initializer.Zeros, parameters.All(p => p == 0));
        Assert.All(Fill(Initializer.Default, 4, 3, seed: 1)[12..], bias => Assert.NotEqual(0, bias));
    }

    [Fact]
    public void LayersFollowEachOther()
    {
        var spec = new NetworkSpec(3, [new DenseSpec(2) { Initializer = Initializer.Zeros, Bias = false }, new DenseSpec(1)]);
        var parameters = new float[9];
        ParameterInitializer.Fill(spec, 1, parameters);
        Assert.All(parameters[..6], p => Assert.Equal(0, p));
        Assert.All(parameters[6..], p => Assert.NotEqual(0, p));
    }

    [Fact]
    public void AWrongLengthIsRefused()
    {
        var exception = Assert.Throws<ArgumentException>(() => ParameterInitializer.Fill(new NetworkSpec(1, [new DenseSpec(1)]), 0, new float[3]));
        Assert.Equal("parameters", exception.ParamName);
    }

    private static float[] Fill(Initializer initializer, int inputs, int units, int seed)
    {
        var spec = new NetworkSpec(inputs, [new DenseSpec(units) { Initializer = initializer }]);
        var parameters = new float[spec.ParameterCount];
        ParameterInitializer.Fill(spec, seed, parameters);
        return parameters;
    }
}
