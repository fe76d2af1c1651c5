using Backprop;
using Backprop.Kernels;

namespace Runtime.Tests.Kernels;

/// <summary>The checks of arguments: what they let through, and what their exceptions say.</summary>
public class ArgumentGuardTests
{
    [Theory]
    [InlineData(3, 3, 1)]
    [InlineData(12, 3, 4)]
    [InlineData(int.MaxValue, 1, int.MaxValue)]
    public void SamplesAreCounted(int length, int inputSize, int samples) => Assert.Equal(samples, ArgumentGuard.Samples(length, inputSize));

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 3)]
    [InlineData(4, 3)]
    [InlineData(int.MaxValue, 2)]
    public void IncompleteSamplesAreNamed(int length, int inputSize)
    {
        var exception = Assert.Throws<ArgumentException>(() => ArgumentGuard.Samples(length, inputSize));
        Assert.Equal("inputs", exception.ParamName);
        Assert.Contains($"A multiple of {inputSize} values", exception.Message);
        Assert.Contains($"{length} were given", exception.Message);
    }

    [Theory, InlineData(5), InlineData(7)]
    public void LengthsPerSampleAreNamed(int length)
    {
        ArgumentGuard.PerSample(6, 3, 2, "targets");
        var exception = Assert.Throws<ArgumentException>(() => ArgumentGuard.PerSample(length, 3, 2, "targets"));
        Assert.Equal("targets", exception.ParamName);
        Assert.Contains($"6 values (3 samples of 2) were expected; {length} were given", exception.Message);
    }

    /// <summary>Neither product fits 32 bits, where it would be the length given: 2¹⁶ · 2¹⁶ = 0, and (2³¹ − 1) · 2³⁰ = −2³⁰ as a signed number.</summary>
    [Fact]
    public void ProductsDoNotOverflow()
    {
        Assert.Throws<ArgumentException>(() => ArgumentGuard.PerSample(0, 65_536, 65_536, "outputs"));
        var exception = Assert.Throws<ArgumentException>(() => ArgumentGuard.PerSample(1 << 30, int.MaxValue, 1 << 30, "outputs"));
        Assert.Contains("2305843008139952128 values", exception.Message);
    }

    [Theory, InlineData(3), InlineData(5)]
    public void ExactLengthsAreNamed(int length)
    {
        ArgumentGuard.Exact(4, 4, "gradient");
        var exception = Assert.Throws<ArgumentException>(() => ArgumentGuard.Exact(length, 4, "gradient"));
        Assert.Equal("gradient", exception.ParamName);
        Assert.Contains($"4 values were expected; {length} were given", exception.Message);
    }

    /// <summary>Every way that two spans of up to 4 of 8 values may lie, as the base library sees it.</summary>
    [Fact]
    public void OverlapIsNamed()
    {
        var memory = new float[8];
        for (int read = 0; read < 4; read++)
        {
            for (int written = 0; written < 4; written++)
            {
                for (int lengths = 0; lengths < 16; lengths++)
                {
                    (int start, int length, int start2, int length2) = (read, 1 + lengths % 4, written, 1 + lengths / 4);
                    if (memory.AsSpan(start, length).Overlaps(memory.AsSpan(start2, length2)))
                        Assert.Equal("outputs", Assert.Throws<ArgumentException>(Check).ParamName);
                    else
                        Check();

                    void Check() => ArgumentGuard.NoOverlap<float>(memory.AsSpan(start, length), memory.AsSpan(start2, length2), "outputs");
                }
            }
        }
        ArgumentGuard.NoOverlap<float>(memory, new float[5], "outputs");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.1)]
    public void LearningRatesAreFiniteAndNotNegative(double learningRate)
    {
        ArgumentGuard.LearningRate(0);
        ArgumentGuard.LearningRate(1e10);
        Assert.Equal("learningRate", Assert.Throws<ArgumentOutOfRangeException>(() => ArgumentGuard.LearningRate(learningRate)).ParamName);
    }
}
