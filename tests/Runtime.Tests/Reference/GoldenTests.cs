using Backprop;
using Runtime.Tests.Golden;

namespace Runtime.Tests.Reference;

/// <summary>The reference engine against PyTorch's float64 results, to the digits that the file has.</summary>
public class GoldenTests
{
    private const double Tolerance = 1e-8;

    public static TheoryData<string> Names => GoldenFile.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void OutputsLossAndGradientsAgree(string name)
    {
        GoldenCase golden = GoldenFile.Case(name);
        ReferenceNetwork network = Load(golden);
        double[] x = Widen(golden.X), y = Widen(golden.Y);
        var outputs = new double[golden.Outputs.Length];
        var gradient = new double[network.ParameterCount];
        var inputGradient = new double[x.Length];

        network.Forward(x, outputs);
        Check.Close(golden.Outputs, outputs, Tolerance);
        Check.Close(golden.LossValue, network.ComputeLoss(x, y), Tolerance);
        Check.Close(golden.LossValue, network.Backward(x, y, gradient, inputGradient), Tolerance);
        Check.Close(golden.Gradient, gradient, Tolerance);
        Check.Close(golden.InputGradient, inputGradient, Tolerance);

        Array.Clear(gradient);
        network.Backward(x, y, gradient);
        Check.Close(golden.Gradient, gradient, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PlainGradientDescentAgrees(string name)
    {
        GoldenCase golden = GoldenFile.Case(name);
        double[] x = Widen(golden.X), y = Widen(golden.Y);
        foreach (GoldenTraining run in golden.Training.Where(r => r.Optimizer is { Kind: "sgd", Momentum: null, WeightDecay: null }))
        {
            ReferenceNetwork network = Load(golden);
            foreach (double loss in run.Losses)
                Check.Close(loss, network.TrainStep(x, y, run.Optimizer.LearningRate), Tolerance);
            var parameters = new double[network.ParameterCount];
            network.CopyParametersTo(parameters);
            Check.Close(run.Parameters, parameters, Tolerance);
        }
    }

    [Fact]
    public void TheFileHasEveryActivationAndPlainTraining()
    {
        IEnumerable<Activation> used = GoldenFile.Cases.SelectMany(c => c.Spec.Layers).Select(l => l.Activation);
        Assert.Equal(Enum.GetValues<Activation>(), used.Distinct().Order());
        Assert.Equal(29, GoldenFile.Cases.Count(c => c.Training.Any(r => r.Optimizer is { Kind: "sgd", Momentum: null })));
    }

    private static ReferenceNetwork Load(GoldenCase golden)
    {
        var network = new ReferenceNetwork(golden.Spec);
        network.LoadParameters(Widen(golden.Parameters));
        return network;
    }

    private static double[] Widen(float[] values) => Array.ConvertAll(values, v => (double)v);
}
