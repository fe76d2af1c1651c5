using Backprop;
using Runtime.Tests.Differential.ErrorAnalysis;
using Runtime.Tests.Golden;

namespace Runtime.Tests.Differential;

/// <summary>
/// Generated networks against PyTorch's float64 results, with the kernels of every width: an independent judge of the whole way,
/// optimizers included. Results are under the bounds of the error analysis; training by any of the optimizers, of which there is
/// none, to 3e-5 of the largest value of each kind.
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
        BoundedResult bounds = new BoundedNetwork(golden.Spec, Problem.Widen(golden.Parameters), []).Evaluate(Problem.Widen(golden.X), Problem.Widen(golden.Y));
        foreach ((GeneratedNetwork network, int lanes) in Networks(golden))
        {
            var outputs = new float[golden.Outputs.Length];
            network.Forward(golden.X, outputs);
            Within(golden.Outputs, bounds.Outputs, outputs, $"outputs, {lanes} lanes");
            Within([golden.LossValue], bounds.Loss, [network.ComputeLoss(golden.X, golden.Y)], $"loss, {lanes} lanes");

            float[] gradient = new float[golden.Gradient.Length], inputGradient = new float[golden.InputGradient.Length];
            Within([golden.LossValue], bounds.Loss, [network.Backward(golden.X, golden.Y, gradient, inputGradient)], $"loss of Backward, {lanes} lanes");
            Within(golden.Gradient, bounds.Gradient, gradient, $"gradient, {lanes} lanes");
            Within(golden.InputGradient, bounds.InputGradient, inputGradient, $"input gradient, {lanes} lanes");
            gradient.AsSpan().Clear();
            network.Backward(golden.X, golden.Y, gradient);
            Within(golden.Gradient, bounds.Gradient, gradient, $"gradient alone, {lanes} lanes");
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

    // The file has 10 digits.
    private static void Within(double[] expected, Bounded bound, float[] actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double allowed = bound.Error[i] + 1e-9 * Math.Abs(expected[i]);
            Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"{what}[{i}]: expected {expected[i]:R} ± {allowed:G3}, got {actual[i]:R}");
        }
    }

    private static void Close(double[] expected, float[] actual, string what)
    {
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance * largest, $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}, largest {largest:R}");
    }
}
