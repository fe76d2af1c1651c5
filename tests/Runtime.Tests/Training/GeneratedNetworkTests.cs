using Backprop;

namespace Runtime.Tests.Training;

/// <summary>The network that these tests train: two moons of points, as the generator makes it.</summary>
[Network(2, Loss = Loss.CrossEntropy, BatchSize = 16)]
[Dense(8, Activation.Tanh)]
[Dense(2, Activation.Softmax)]
public sealed partial class MoonsNet;

/// <summary>Trainer and weights with a generated network and a real optimizer.</summary>
public class GeneratedNetworkTests
{
    /// <summary>Two half circles, each around the other's end, which no straight line parts.</summary>
    private static Dataset Moons(int count)
    {
        var inputs = new float[count * 2];
        var targets = new float[count * 2];
        for (int i = 0; i < count; i++)
        {
            float angle = MathF.PI * i / count;
            inputs[2 * i] = i % 2 == 0 ? MathF.Cos(angle) : 1 - MathF.Cos(angle);
            inputs[2 * i + 1] = i % 2 == 0 ? MathF.Sin(angle) : 0.5f - MathF.Sin(angle);
            targets[2 * i + i % 2] = 1;
        }
        return new Dataset(inputs, targets, 2, 2, ["upper", "lower"]);
    }

    private static float[] Parameters(MoonsNet network)
    {
        var parameters = new float[MoonsNet.ParameterCount];
        network.CopyParametersTo(parameters);
        return parameters;
    }

    private static (MoonsNet Network, TrainingHistory History) Train(Dataset train, Dataset test, int epochs)
    {
        var net = new MoonsNet(seed: 1);
        var sgd = new Sgd { LearningRate = 0.1f, Momentum = 0.9f };
        var history = Trainer.Fit(net, train, ref sgd, new TrainingOptions { Epochs = epochs, BatchSize = 32, Validation = test });
        return (net, history);
    }

    [Fact]
    public void LearnsTheSameTwice()
    {
        var (train, test) = Moons(300).Split(0.2, seed: 1, stratified: true);
        var (first, history) = Train(train, test, epochs: 60);
        var (second, _) = Train(train, test, epochs: 60);
        Assert.Equal(1.0, history.Last.ValidationAccuracy);
        Assert.Equal(Parameters(first), Parameters(second));
        Assert.Equal(history.Last.ValidationLoss, Trainer.Evaluate(second, test).Loss);
    }

    [Fact]
    public void StepsAllocateNothing()
    {
        long Allocated(int epochs)
        {
            Dataset data = Moons(1601);
            return Allocation.Of(() => Train(data, data, epochs));
        }
        // 51 steps in an epoch; what is left is its report.
        Assert.InRange(Allocated(30) - Allocated(10), 0, 20 * 256);
    }

    [Fact]
    public void WeightsSurviveAFile()
    {
        Dataset data = Moons(100);
        MoonsNet trained = Train(data, data, epochs: 5).Network;
        var stream = new MemoryStream();
        Weights.Save(trained, stream);
        stream.Position = 0;
        var loaded = new MoonsNet(seed: 2);
        Weights.Load(loaded, stream);
        Assert.Equal(Parameters(trained), Parameters(loaded));
        Assert.Equal(Trainer.Evaluate(trained, data), Trainer.Evaluate(loaded, data));
    }
}
