using Backprop;
using Backprop.Numerics;

namespace Runtime.Tests.Activations;

/// <summary>The double formulas: derivatives against central differences, the choice at kinks, limits, and the table of traits.</summary>
public class DerivativeTests
{
    public static TheoryData<Activation> Activations => new(Enum.GetValues<Activation>().Where(a => a != Activation.Softmax));

    [Theory]
    [MemberData(nameof(Activations))]
    public void DerivativeIsTheSlope(Activation activation)
    {
        // The points keep away from the kinks at 0, ±1 and ±3.
        for (double z = -20.03; z < 20; z += 0.1)
        {
            const double h = 1e-5;
            double slope = (ScalarActivation.Value(activation, z + h) - ScalarActivation.Value(activation, z - h)) / (2 * h);
            Check.Close(slope, ScalarActivation.Derivative(activation, z), 2e-9, $"z = {z}");
        }
    }

    [Theory]
    [InlineData(Activation.ReLU, 0, 0)]
    [InlineData(Activation.LeakyReLU, 0, 0.01)]
    [InlineData(Activation.ELU, 0, 1)]
    [InlineData(Activation.SELU, 0, 1.0507009873554805 * 1.6732632423543772)]
    [InlineData(Activation.HardTanh, -1, 0)]
    [InlineData(Activation.HardTanh, 1, 0)]
    [InlineData(Activation.HardSigmoid, -3, 0)]
    [InlineData(Activation.HardSigmoid, 3, 0)]
    [InlineData(Activation.HardSwish, -3, 0)]
    [InlineData(Activation.HardSwish, 3, 1)]
    public void KinksFollowPyTorch(Activation activation, double z, double expected) =>
        Assert.Equal(expected, ScalarActivation.Derivative(activation, z));

    [Theory]
    [MemberData(nameof(Activations))]
    public void NaNStaysNaN(Activation activation) => Assert.True(double.IsNaN(ScalarActivation.Value(activation, double.NaN)));

    /// <summary>At ±∞ both functions have the limits that they have at ±10⁴, where every tail is over.</summary>
    [Theory]
    [MemberData(nameof(Activations))]
    public void InfinityGivesTheLimit(Activation activation)
    {
        foreach (double sign in new[] { -1.0, 1.0 })
        {
            double far = ScalarActivation.Value(activation, sign * 1e4), limit = ScalarActivation.Value(activation, sign / 0.0);
            if (Math.Abs(far) > 10)
                Assert.Equal(far > 0 ? double.PositiveInfinity : double.NegativeInfinity, limit);
            else
                Check.Close(far, limit, 2e-4);
            Check.Close(
                ScalarActivation.Derivative(activation, sign * 1e4), ScalarActivation.Derivative(activation, sign / 0.0), 2e-4);
        }
    }

    /// <summary>Values from 40-digit arithmetic (mpmath), where a naive form loses its digits.</summary>
    [Theory]
    [InlineData(Activation.GELU, -5, -1.4332578593959696e-06)]
    [InlineData(Activation.GELU, -2.9, -0.0054108585711137114)]
    [InlineData(Activation.GELU, -3.1, -0.0029995699609769056)]
    [InlineData(Activation.GELU, 1.5, 1.3997891980967129)]
    [InlineData(Activation.SiLU, -40, -1.6993417021166356e-16)]
    [InlineData(Activation.Softplus, -40, 4.2483542552915889e-18)]
    [InlineData(Activation.ELU, -1e-10, -9.9999999995000004e-11)]
    [InlineData(Activation.Mish, -40, -1.6993417021166355e-16)]
    [InlineData(Activation.GELUTanh, -5, -2.291796196629507e-07)]
    public void TailsAreAccurate(Activation activation, double z, double expected) =>
        Assert.Equal(expected, ScalarActivation.Value(activation, z), Math.Abs(expected) * 1e-13);

    [Theory]
    [MemberData(nameof(Activations))]
    public void TheTableOfTraitsIsWhatTheTypesImplement(Activation activation)
    {
        Type type = typeof(IActivation).Assembly.GetType($"Backprop.Numerics.{activation}", throwOnError: true)!;
        bool fromOutput = ActivationTraits.DerivativeFromOutput(activation);
        Assert.Equal(fromOutput, typeof(IOutputActivation).IsAssignableFrom(type));
        Assert.Equal(!fromOutput, typeof(IInputActivation).IsAssignableFrom(type));
    }
}
