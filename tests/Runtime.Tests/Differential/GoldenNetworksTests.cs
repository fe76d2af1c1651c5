using Backprop;
using Runtime.Tests.Golden;

namespace Runtime.Tests.Differential;

/// <summary>
/// Generated networks against PyTorch's float64 results, with the kernels of every width, to 3e-5 of the largest value of
/// each kind: an independent judge of the whole way, optimizers included.
/// </summary>
public class GoldenNetworksTests
{
    private const double Tolerance = 3e-5;

    private static readonly Lazy<CompiledNetworks> s_compiled = new(() => CompiledNetworks.Compile([.. GoldenFile.Cases.Select(golden => golden.Spec)]));

    public static TheoryData<string> Names => GoldenFile.Names;

    [Theory, MemberData(nameof(Names))]
    public void ResultsAgree(string name)
    {
        GoldenCase golden = GoldenFile.Case(name);
        foreach ((GeneratedNetwork network, int lanes) in Networks(golden))
        {
            var outputs = new float[golden.Outputs.Length];
            network.Forward(golden.X, outputs);
            Close(golden.Outputs, outputs, $"outputs, {lanes} lanes");
            Close([golden.LossValue], [network.ComputeLoss(golden.X, golden.Y)], $"loss, {lanes} lanes");

            float[] gradient = new float[golden.Gradient.Length], inputGradient = new float[golden.InputGradient.Length];
            Close([golden.LossValue], [network.Backward(golden.X, golden.Y, gradient, inputGradient)], $"loss of Backward, {lanes} lanes");
            Close(golden.Gradient, gradient, $"gradient, {lanes} lanes");
            Close(golden.InputGradient, inputGradient, $"input gradient, {lanes} lanes");
            gradient.AsSpan().Clear();
            network.Backward(golden.X, golden.Y, gradient);
            Close(golden.Gradient, gradient, $"gradient alone, {lanes} lanes");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void TrainingAgrees(string name)
    {
        GoldenCase golden = GoldenFile.Case(name);
        foreach (GoldenTraining run in golden.Training)
        {
            foreach ((GeneratedNetwork network, int lanes) in Networks(golden))
            {
                string what = $"{run.Optimizer}, {lanes} lanes";
                double[] losses = [.. GoldenOptimizers.Train(network, golden, run).Select(loss => (double)loss)];
                Close(run.Losses, [.. losses.Select(loss => (float)loss)], $"losses of {what}");
                Close(run.Parameters, network.Parameters, $"parameters after {what}");
            }
        }
    }

    /// <summary>Plain gradient descent has a path of its own; it must agree with the optimizer's.</summary>
    [Fact]
    public void TheFileHasEveryOptimizer() => Assert.Equal(
        ["adagrad", "adam", "adamw", "rmsprop", "sgd"],
        GoldenFile.Cases.SelectMany(golden => golden.Training).Select(run => run.Optimizer.Kind).Distinct().Order());

    private static IEnumerable<(GeneratedNetwork Network, int Lanes)> Networks(GoldenCase golden)
    {
        CompiledNetworks compiled = s_compiled.Value;
        int index = GoldenFile.Cases.ToList().IndexOf(golden);
        foreach (int lanes in CompiledNetworks.Widths)
        {
            compiled.Force(lanes);
            GeneratedNetwork network = compiled.Create(index);
            network.LoadParameters(golden.Parameters);
            yield return (network, lanes);
        }
    }

    private static void Close(double[] expected, float[] actual, string what)
    {
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance * largest, $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}, largest {largest:R}");
    }
}
