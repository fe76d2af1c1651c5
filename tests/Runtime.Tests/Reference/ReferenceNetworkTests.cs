using Backprop;

namespace Runtime.Tests.Reference;

/// <summary>The reference engine's members: arguments, batches, initial parameters, extreme weighted inputs.</summary>
public class ReferenceNetworkTests
{
    private static readonly NetworkSpec Spec = new(3, [new DenseSpec(4, Activation.Tanh), new DenseSpec(2)]);

    [Fact]
    public void SizesAreTheSpecifications()
    {
        var network = new ReferenceNetwork(Spec);
        Assert.Equal((3, 2, 26), (network.InputSize, network.OutputSize, network.ParameterCount));
        Assert.Equal(Spec, network.Spec);
    }

    [Fact]
    public void ABrokenRuleIsRefused() => Assert.Throws<ArgumentException>(() => new ReferenceNetwork(new NetworkSpec(0, [new DenseSpec(1)])));

    [Fact]
    public void InitialParametersAreTheInitializersAsFloats()
    {
        var expected = new float[26];
        ParameterInitializer.Fill(Spec, 5, expected);
        var network = new ReferenceNetwork(Spec, seed: 5);
        var actual = new double[26];
        network.CopyParametersTo(actual);
        Assert.Equal(expected.Select(v => (double)v), actual);
    }

    [Fact]
    public void ABatchIsTheMeanOfItsSamples()
    {
        var network = new ReferenceNetwork(Spec, seed: 1);
        double[] x = [1, 2, 3, -1, 0.5, 2], t = [1, 0, -1, 2];
        double[] whole = new double[26], first = new double[26], second = new double[26];
        double loss = network.Backward(x, t, whole);
        double mean = (network.Backward(x.AsSpan(..3), t.AsSpan(..2), first) + network.Backward(x.AsSpan(3..), t.AsSpan(2..), second)) / 2;
        Check.Close(mean, loss, 1e-15);
        Check.Close(first.Zip(second, (a, b) => (a + b) / 2).ToArray(), whole, 1e-15);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 2)]
    [InlineData(2, 2)]
    public void IncompleteSamplesAreRefused(int inputs, int outputs)
    {
        var network = new ReferenceNetwork(Spec);
        var exception = Assert.Throws<ArgumentException>(() => network.Forward(new double[inputs], new double[outputs]));
        Assert.Equal("inputs", exception.ParamName);
    }

    [Fact]
    public void WrongLengthsAreRefusedBeforeAnythingIsWritten()
    {
        var network = new ReferenceNetwork(Spec);
        double[] x = new double[6], t = new double[4], wrong = [9, 9, 9], gradient = Enumerable.Repeat(9.0, 26).ToArray();
        Refused("outputs", () => network.Forward(x, wrong));
        Refused("targets", () => network.ComputeLoss(x, wrong));
        Refused("targets", () => network.Backward(x, wrong, gradient));
        Refused("gradient", () => network.Backward(x, t, wrong));
        Refused("inputGradient", () => network.Backward(x, t, gradient, wrong));
        Refused("targets", () => network.TrainStep(x, wrong, 0.1));
        Refused("learningRate", () => network.TrainStep(x, t, double.NaN));
        Refused("destination", () => network.CopyParametersTo(wrong));
        Refused("source", () => network.LoadParameters(wrong));
        Assert.All(wrong, value => Assert.Equal(9, value));
        Assert.All(gradient, value => Assert.Equal(9, value));
    }

    [Fact]
    public void OverlapIsRefused()
    {
        var network = new ReferenceNetwork(Spec);
        var memory = new double[64];
        Refused("outputs", () => network.Forward(memory.AsSpan(0, 3), memory.AsSpan(2, 2)));
        Refused("gradient", () => network.Backward(memory.AsSpan(0, 3), memory.AsSpan(3, 2), memory.AsSpan(4, 26)));
        Refused("inputGradient", () => network.Backward(memory.AsSpan(0, 3), memory.AsSpan(3, 2), memory.AsSpan(5, 26), memory.AsSpan(30, 3)));
    }

    /// <summary>Probabilities that round to 0 and 1 still have the right loss: it comes from the weighted inputs.</summary>
    [Fact]
    public void FusedLossesTakeNoLogarithmOfARoundedProbability()
    {
        var softmax = new ReferenceNetwork(new NetworkSpec(2, [new DenseSpec(2, Activation.Softmax)]) { Loss = Loss.CrossEntropy });
        softmax.LoadParameters([1, 0, 0, 1, 0, 0]);
        Assert.Equal(2000, softmax.ComputeLoss([1000, -1000], [0, 1]));
        Assert.Equal(0, softmax.ComputeLoss([1000, -1000], [1, 0]));

        var sigmoid = new ReferenceNetwork(new NetworkSpec(1, [new DenseSpec(1, Activation.Sigmoid)]) { Loss = Loss.BinaryCrossEntropy });
        sigmoid.LoadParameters([1, 0]);
        Assert.Equal(1000, sigmoid.ComputeLoss([1000], [0]));
        Assert.Equal(Math.Exp(-100), sigmoid.ComputeLoss([100], [1]), 1e-60);
        var gradient = new double[2];
        sigmoid.Backward([1000], [0], gradient);
        Assert.Equal([1000.0, 1.0], gradient);
    }

    private static void Refused(string parameter, Action call) =>
        Assert.Equal(parameter, Assert.ThrowsAny<ArgumentException>(call).ParamName);
}
