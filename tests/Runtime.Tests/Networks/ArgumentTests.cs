using Backprop;
using Runtime.Tests.Differential;

namespace Runtime.Tests.Networks;

/// <summary>Spans of a wrong length, or that overlap, are refused by name before anything is written.</summary>
public class ArgumentTests
{
    private const float Canary = 12345f;

    public static TheoryData<string, int> Networks
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (string name in Declared.All)
            {
                rows.Add(name, 1);
                rows.Add(name, 3);
            }
            return rows;
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void Wrong_lengths_are_refused(string name, int samples)
    {
        GeneratedNetwork network = Declared.Create(name);
        int inputs = samples * network.InputSize, outputs = samples * network.OutputSize, parameters = network.ParameterCount;
        float[] before = network.Parameters;
        var calls = new Dictionary<string, (int[] Lengths, string[] Names, Action<float[][]> Call)>
        {
            ["Forward"] = ([inputs, outputs], ["inputs", "outputs"], a => network.Forward(a[0], a[1])),
            ["ComputeLoss"] = ([inputs, outputs], ["inputs", "targets"], a => network.ComputeLoss(a[0], a[1])),
            ["Backward"] = ([inputs, outputs, parameters], ["inputs", "targets", "gradient"], a => network.Backward(a[0], a[1], a[2])),
            ["Backward with input gradient"] = ([inputs, outputs, parameters, inputs], ["inputs", "targets", "gradient", "inputGradient"], a => network.Backward(a[0], a[1], a[2], a[3])),
            ["TrainStep"] = ([inputs, outputs], ["inputs", "targets"], a => network.TrainStep(a[0], a[1], 0.1f)),
            ["TrainStep with an optimizer"] = ([inputs, outputs], ["inputs", "targets"], a => TrainWithMomentum(a[0], a[1])),
            ["CopyParametersTo"] = ([parameters], ["destination"], a => network.CopyParametersTo(a[0])),
            ["LoadParameters"] = ([parameters], ["source"], a => network.LoadParameters(a[0])),
        };
        void TrainWithMomentum(float[] x, float[] t)
        {
            var sgd = new Sgd { LearningRate = 0.1f, Momentum = 0.9f };
            network.TrainStep(x, t, ref sgd);
        }

        foreach ((string what, (int[] lengths, string[] names, Action<float[][]> call)) in calls)
        {
            call([.. lengths.Select(Filled)]);
            network.LoadParameters(before);
            for (int argument = 0; argument < lengths.Length; argument++)
            {
                foreach (int length in (int[])[0, lengths[argument] - 1, lengths[argument] + 1, 2 * lengths[argument] + 1])
                {
                    // A sample more or less of a network of one input is noticed at the next argument.
                    if (names[argument] == "inputs" && network.InputSize == 1 && length > 0)
                        continue;
                    float[][] arguments = [.. lengths.Select((right, i) => Filled(i == argument ? length : right))];
                    var refusal = Assert.Throws<ArgumentException>(() => call(arguments));
                    Assert.True(refusal.ParamName == names[argument], $"{what}, {names[argument]} of {length}: {refusal.Message}");
                    Assert.Contains($"{length} were given", refusal.Message);
                    Assert.Contains($"{(names[argument] == "inputs" ? network.InputSize : lengths[argument])}", refusal.Message);
                    Assert.All(arguments, array => Assert.True(array.All(value => value == Canary), $"{what} wrote before it refused"));
                    Assert.True(network.Parameters.AsSpan().SequenceEqual(before), $"{what} changed the network before it refused");
                }
            }
        }
    }

    /// <summary>The smallest overlap, one float, at either end; and spans that touch are none.</summary>
    [Theory, MemberData(nameof(Networks))]
    public void Overlaps_are_refused(string name, int samples)
    {
        GeneratedNetwork network = Declared.Create(name);
        int inputs = samples * network.InputSize, outputs = samples * network.OutputSize, parameters = network.ParameterCount;
        var targets = new float[outputs];
        var gradient = new float[parameters];
        Try("outputs", inputs, outputs, (x, y) => network.Forward(Span(x), Span(y)));
        Try("gradient", inputs, parameters, (x, g) => network.Backward(Span(x), targets, Span(g)));
        Try("gradient", outputs, parameters, (t, g) => network.Backward(new float[inputs], Span(t), Span(g)));
        Try("gradient", outputs, parameters, (t, g) => network.Backward(new float[inputs], Span(t), Span(g), new float[inputs]));
        Try("inputGradient", inputs, inputs, (x, dx) => network.Backward(Span(x), targets, gradient, Span(dx)));
        Try("inputGradient", outputs, inputs, (t, dx) => network.Backward(new float[inputs], Span(t), gradient, Span(dx)));
        Try("inputGradient", parameters, inputs, (g, dx) => network.Backward(new float[inputs], targets, Span(g), Span(dx)));

        static Span<float> Span(ArraySegment<float> segment) => segment;

        static void Try(string parameter, int read, int written, Action<ArraySegment<float>, ArraySegment<float>> call)
        {
            float[] memory = Filled(read + written);
            call(new(memory, 0, read), new(memory, read, written));
            call(new(memory, written, read), new(memory, 0, written));
            memory = Filled(read + written);
            foreach ((int from, int to) in ((int, int)[])[(0, read - 1), (written - 1, 0)])
            {
                var refusal = Assert.Throws<ArgumentException>(() => call(new(memory, from, read), new(memory, to, written)));
                Assert.Equal(parameter, refusal.ParamName);
                Assert.All(memory, value => Assert.Equal(Canary, value));
            }
        }
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_learning_rate_that_is_none_is_refused(float rate)
    {
        GeneratedNetwork network = Declared.Create(nameof(StackNet));
        var data = new Buffers(network, 2);
        Assert.Equal("learningRate", Assert.Throws<ArgumentOutOfRangeException>(() => network.TrainStep(data.Inputs, data.Targets, rate)).ParamName);
        Assert.Equal(data.Parameters, network.Parameters);
    }

    [Fact]
    public void An_optimizer_of_another_network_is_refused()
    {
        GeneratedNetwork first = Declared.Create(nameof(StackNet)), second = Declared.Create(nameof(StackNet));
        var data = new Buffers(second, 2);
        var adam = new Adam();
        first.TrainStep(data.Inputs, data.Targets, ref adam);
        Assert.Throws<InvalidOperationException>(() => second.TrainStep(data.Inputs, data.Targets, ref adam));
        Assert.Equal(data.Parameters, second.Parameters);
    }

    /// <summary>Outputs end where they should: what lies before and after a span stays as it was.</summary>
    [Theory, MemberData(nameof(Networks))]
    public void Nothing_is_written_outside_a_span(string name, int samples)
    {
        const int Margin = 64;
        GeneratedNetwork network = Declared.Create(name);
        var data = new Buffers(network, samples);
        Inside(data.Outputs.Length, outputs => network.Forward(data.Inputs, outputs));
        Inside(data.Gradient.Length, gradient => network.Backward(data.Inputs, data.Targets, gradient));
        Inside(data.Gradient.Length, gradient => network.Backward(data.Inputs, data.Targets, gradient, data.InputGradient));
        Inside(data.InputGradient.Length, inputGradient => network.Backward(data.Inputs, data.Targets, data.Gradient, inputGradient));
        Inside(network.ParameterCount, destination => network.CopyParametersTo(destination));

        static void Inside(int length, Action<ArraySegment<float>> call)
        {
            float[] memory = Filled(length + 2 * Margin);
            call(new(memory, Margin, length));
            Assert.All(memory[..Margin].Concat(memory[^Margin..]), value => Assert.Equal(Canary, value));
            Assert.DoesNotContain(Canary, memory[Margin..^Margin]);
        }
    }

    private static float[] Filled(int length)
    {
        var array = new float[length];
        Array.Fill(array, Canary);
        return array;
    }
}
