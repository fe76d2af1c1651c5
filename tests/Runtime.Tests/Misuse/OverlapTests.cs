using Backprop;
using Runtime.Tests.Differential;
using Runtime.Tests.Networks;

namespace Runtime.Tests.Misuse;

/// <summary>
/// What is written may not overlap anything else, wherever the two lie to each other: apart, touching, in part, one inside the
/// other, or the same. What is only read may.
/// </summary>
public class OverlapTests
{
    private const float Canary = 12345f;

    private static readonly GeneratedNetwork s_network = Declared.Create(nameof(StackNet));

    [Theory, InlineData(1), InlineData(2)]
    public void Written_and_read_are_apart(int samples)
    {
        int inputs = samples * s_network.InputSize, outputs = samples * s_network.OutputSize, parameters = s_network.ParameterCount;
        float[] x = new float[inputs], t = new float[outputs], g = new float[parameters];
        Try("outputs", inputs, outputs, (read, written) => s_network.Forward(read, written));
        Try("gradient", inputs, parameters, (read, written) => s_network.Backward(read, t, written));
        Try("gradient", outputs, parameters, (read, written) => s_network.Backward(x, read, written));
        Try("gradient", inputs, parameters, (read, written) => s_network.Backward(read, t, written, new float[inputs]));
        Try("gradient", outputs, parameters, (read, written) => s_network.Backward(x, read, written, new float[inputs]));
        Try("inputGradient", inputs, inputs, (read, written) => s_network.Backward(read, t, g, written));
        Try("inputGradient", outputs, inputs, (read, written) => s_network.Backward(x, read, g, written));
        Try("inputGradient", parameters, inputs, (other, written) => s_network.Backward(x, t, other, written));
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Inputs_and_targets_may_overlap(int samples)
    {
        int inputs = samples * s_network.InputSize, outputs = samples * s_network.OutputSize;
        float[] memory = [.. Enumerable.Range(0, inputs).Select(i => i / (float)inputs)];
        GeneratedNetwork apart = Declared.Create(nameof(StackNet)), together = Declared.Create(nameof(StackNet));
        float[] targets = memory[..outputs], expected = new float[apart.ParameterCount], found = new float[apart.ParameterCount];
        Assert.Equal(apart.ComputeLoss(memory, targets), together.ComputeLoss(memory, memory.AsSpan(0, outputs)));
        Assert.Equal(apart.Backward(memory, targets, expected), together.Backward(memory, memory.AsSpan(0, outputs), found));
        Assert.Equal(expected, found);
        Assert.Equal(apart.TrainStep(memory, targets, 0.1f), together.TrainStep(memory, memory.AsSpan(0, outputs), 0.1f));
        Assert.Equal(apart.Parameters, together.Parameters);
    }

    private delegate void Call(Span<float> first, Span<float> written);

    /// <summary>Every place of the one to the other.</summary>
    private static void Try(string parameter, int length, int written, Call call)
    {
        var memory = new float[2 * written + length + 2];
        Array.Fill(memory, Canary);
        int at = written + 1;
        for (int to = 0; to <= at + length + 1; to++)
        {
            if (to + written <= at || to >= at + length)
            {
                call(memory.AsSpan(at, length), memory.AsSpan(to, written));
                Array.Fill(memory, Canary);
                continue;
            }
            int place = to;
            var refusal = Assert.Throws<ArgumentException>(() => call(memory.AsSpan(at, length), memory.AsSpan(place, written)));
            Assert.Equal(parameter, refusal.ParamName);
            Assert.False(memory.AsSpan().ContainsAnyExcept(Canary), "it wrote before it refused");
        }
    }
}
