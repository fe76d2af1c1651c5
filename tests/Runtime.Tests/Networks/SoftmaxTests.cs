using Backprop;

namespace Runtime.Tests.Networks;

public class SoftmaxTests
{
    /// <summary>
    /// Weighted inputs far below 0: what they are compared with is the largest of them, not the 0 of the lanes beyond the last unit.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void The_largest_weighted_input_is_a_real_one(int samples)
    {
        var network = new StackNet();
        float[] parameters = new float[StackNet.ParameterCount];
        float[] biases = [-200, -201, -202, -300, -200];
        biases.CopyTo(parameters, parameters.Length - biases.Length);
        network.LoadParameters(parameters);
        double[] powers = [.. biases.Select(z => Math.Exp(z + 200.0))];
        float[] outputs = new float[samples * StackNet.OutputSize];
        network.Forward(new float[samples * StackNet.InputSize], outputs);
        for (int i = 0; i < outputs.Length; i++)
            Assert.Equal(powers[i % biases.Length] / powers.Sum(), outputs[i], 1e-6);
        float[] targets = [.. Enumerable.Repeat((float[])[0, 1, 0, 0, 0], samples).SelectMany(t => t)];
        Assert.Equal(Math.Log(powers.Sum()) + 1, network.ComputeLoss(new float[samples * StackNet.InputSize], targets), 1e-6);
    }

    /// <summary>Weighted inputs of any size: probabilities and the loss stay what they are, and none becomes NaN.</summary>
    [Theory]
    [InlineData(new[] { 1e8f, 0, -3, 99_999_000, -1e8f }, 0)]
    [InlineData(new[] { -7, -1e30f, 2e38f, 0, 1e30f }, 2)]
    [InlineData(new[] { 3, float.NegativeInfinity, -100, -2e38f, -90 }, 0)]
    [InlineData(new[] { -1e30f, -1e31f, -2e38f, -1e29f, float.NegativeInfinity }, 3)]
    public void A_certain_class_has_probability_1_and_no_loss(float[] biases, int certain)
    {
        var network = new StackNet();
        float[] parameters = new float[StackNet.ParameterCount];
        biases.CopyTo(parameters, parameters.Length - biases.Length);
        network.LoadParameters(parameters);
        float[] expected = [.. biases.Select((_, k) => k == certain ? 1f : 0f)];
        foreach (int samples in (int[])[1, 3, 20])
        {
            float[] inputs = new float[samples * StackNet.InputSize], outputs = new float[samples * StackNet.OutputSize];
            network.Forward(inputs, outputs);
            Assert.All(outputs.Chunk(StackNet.OutputSize), y => Assert.Equal(expected, y, (a, b) => Math.Abs(a - b) < 1e-37f));
        }
        // Of −∞ the loss is NaN, as 0·∞ is.
        float[] finite = [.. biases.Select(z => float.IsFinite(z) ? z : -2e38f)];
        finite.CopyTo(parameters, parameters.Length - biases.Length);
        network.LoadParameters(parameters);
        Assert.Equal(0, network.ComputeLoss(new float[StackNet.InputSize], expected));
        Assert.Equal(0, network.TrainStep(new float[StackNet.InputSize], expected, 0.1f));
    }

    /// <summary>Up to 40 in magnitude exponentials are taken of the weighted inputs themselves, beyond of what they are below the largest.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(35.5f)]
    [InlineData(38.5f)]
    [InlineData(-38.5f)]
    [InlineData(1000f)]
    public void Probabilities_loss_and_gradient_do_not_change_with_all_weighted_inputs(float shift)
    {
        var network = new StackNet();
        float[] parameters = new float[StackNet.ParameterCount], gradient = new float[StackNet.ParameterCount], outputs = new float[StackNet.OutputSize];
        float[] biases = [0.5f + shift, -1.25f + shift, 2f + shift, shift, -0.75f + shift];
        biases.CopyTo(parameters, parameters.Length - biases.Length);
        network.LoadParameters(parameters);
        double[] powers = [.. biases.Select(z => Math.Exp((double)z - shift))];
        float[] inputs = new float[StackNet.InputSize], targets = [0, 0, 0, 1, 0];

        network.Forward(inputs, outputs);
        double loss = network.Backward(inputs, targets, gradient);
        for (int k = 0; k < biases.Length; k++)
        {
            Assert.Equal(powers[k] / powers.Sum(), outputs[k], 1e-6);
            Assert.Equal(powers[k] / powers.Sum() - targets[k], gradient[gradient.Length - biases.Length + k], 1e-6);
        }
        Assert.Equal(Math.Log(powers.Sum()), loss, 1e-6);
        Assert.Equal(Math.Log(powers.Sum()), network.ComputeLoss(inputs, targets), 1e-6);
    }

    /// <summary>Classes that are as good as excluded: a gradient has nothing between 0 and what processors multiply at full speed, outputs have.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void What_has_been_learned_leaves_no_subnormal_gradient(int samples)
    {
        Check<StackNet>([0, -54, -56, -90, -104.5f]);
        Check<ManyClassesNet>([.. Enumerable.Range(0, ManyClassesNet.OutputSize).Select(k => -1.5f * k)]);

        void Check<T>(float[] biases) where T : class, INetwork<T>
        {
            T network = T.Create(seed: 3);
            float[] parameters = new float[T.ParameterCount], gradient = new float[T.ParameterCount], outputs = new float[samples * T.OutputSize];
            network.CopyParametersTo(parameters);
            parameters.AsSpan(parameters.Length - biases.Length * 18).Clear();
            biases.CopyTo(parameters, parameters.Length - biases.Length);
            network.LoadParameters(parameters);
            float[] inputs = [.. Enumerable.Range(0, samples * T.InputSize).Select(i => (i % 7 - 3) / 4f)];
            float[] targets = [.. Enumerable.Range(0, samples * T.OutputSize).Select(i => i % T.OutputSize == 0 ? 1f : 0f)];

            network.Forward(inputs, outputs);
            double sum = biases.Sum(z => Math.Exp(z));
            for (int i = 0; i < outputs.Length; i++)
                Assert.Equal(Math.Exp(biases[i % biases.Length]) / sum, outputs[i], Math.Max(1e-45, 1e-6 * outputs[i]));

            network.Backward(inputs, targets, gradient);
            Assert.All(gradient, g => Assert.True(g == 0 || MathF.Abs(g) > 1e-30f, $"{g}"));
            for (int k = 1; k < biases.Length; k++)
                Assert.Equal(biases[k] < -55 ? 0 : Math.Exp(biases[k]) / sum, gradient[gradient.Length - biases.Length + k], Math.Exp(biases[k]) * 2e-6);
        }
    }
}
