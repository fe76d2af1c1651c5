using Backprop.Optimizers;

namespace Backprop.Tests.Optimizers;

/// <summary>βᵗ as Adam takes it: from step to step, and wherever that does not hold.</summary>
public sealed class DecayPowerTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    [InlineData(0.999f)]
    public void From_step_to_step_it_is_the_power(float decay)
    {
        var power = new DecayPower();
        for (int step = 1; step < 100_000; step++)
        {
            double expected = Math.Pow(decay, step), actual = power.Of(decay, step);
            Assert.True(Math.Abs(expected - actual) <= 1e-11 * expected + 1e-30, $"{decay}^{step}: expected {expected}, got {actual}");
            Assert.False(double.IsSubnormal(actual));
        }
    }

    [Fact]
    public void Another_decay_or_a_step_that_does_not_follow_starts_anew()
    {
        var power = new DecayPower();
        Assert.Equal(0.5, power.Of(0.5f, 1));
        Assert.Equal(0.0625, power.Of(0.25f, 2));
        Assert.Equal(0.25f * 0.0625, power.Of(0.25f, 3));
        Assert.Equal(Math.Pow(0.25, 10), power.Of(0.25f, 10));
        Assert.Equal(0.25, power.Of(0.25f, 1));
    }
}
