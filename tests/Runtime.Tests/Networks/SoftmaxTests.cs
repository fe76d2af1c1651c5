using Backprop;

namespace Runtime.Tests.Networks;

public class SoftmaxTests
{
    /// <summary>
    /// Weighted inputs far below 0: what is subtracted from them is the largest of them, not the 0 of the lanes beyond the last unit.
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
    }
}
