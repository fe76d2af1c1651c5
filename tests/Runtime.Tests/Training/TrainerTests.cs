using Backprop;

namespace Runtime.Tests.Training;

public class TrainerTests
{
    /// <summary>Points left and right of the line x₀ = x₁, with a gap; the classes take turns.</summary>
    private static Dataset Points(int count)
    {
        var random = new Random(1);
        var inputs = new float[count * 2];
        var targets = new float[count * 2];
        for (int i = 0; i < count; i++)
        {
            float along = random.NextSingle(), side = i % 2 == 0 ? 0.3f : -0.3f;
            inputs[2 * i] = along + side;
            inputs[2 * i + 1] = along - side;
            targets[2 * i + i % 2] = 1;
        }
        return new Dataset(inputs, targets, 2, 2);
    }

    /// <summary>Samples of one input, 0 … count − 1, for a <see cref="Line"/>.</summary>
    private static Dataset Numbers(int count, float target = 0)
    {
        float[] inputs = [.. Enumerable.Range(0, count).Select(i => (float)i)];
        float[] targets = [.. inputs.Select(_ => target)];
        return new Dataset(inputs, targets, 1, 1);
    }

    private static float[] Parameters<TSpec>(TestNetwork<TSpec> network) where TSpec : ITestSpec
    {
        var parameters = new float[TestNetwork<TSpec>.ParameterCount];
        network.CopyParametersTo(parameters);
        return parameters;
    }

    private static List<float[]> StepsOf(TrainingOptions options, int count)
    {
        var network = new TestNetwork<Line> { Steps = [] };
        var optimizer = new Descent();
        Trainer.Fit(network, Numbers(count), ref optimizer, options);
        return network.Steps!;
    }

    [Theory]
    [InlineData(Sampling.Shuffle, 1)]
    [InlineData(Sampling.Shuffle, 32)]
    [InlineData(Sampling.WithReplacement, 7)]
    [InlineData(Sampling.Sequential, 50)]
    [InlineData(Sampling.Shuffle, 1000)]
    public void LearnsAToyProblem(Sampling sampling, int batchSize)
    {
        var network = new TestNetwork<TwoClasses>(seed: 3);
        var optimizer = new Descent { LearningRate = 2f };
        TrainingHistory history = Trainer.Fit(network, Points(101), ref optimizer, new TrainingOptions
        {
            Epochs = 60,
            BatchSize = batchSize,
            Sampling = sampling,
            Validation = Points(40),
            MeasureTrainingAccuracy = true,
        });

        Assert.Equal(60, history.Count);
        Assert.Equal(Enumerable.Range(1, 60), history.Select(epoch => epoch.Epoch));
        Assert.True(history.Last.TrainingLoss < history[0].TrainingLoss);
        Assert.True(history.Last.ValidationLoss < 0.3, $"{history.Last}");
        Assert.Equal(1.0, history.Last.ValidationAccuracy);
        Assert.Equal(1.0, history.Last.TrainingAccuracy);
        Assert.True(history.Last.SamplesPerSecond > 0);
    }

    [Fact]
    public void TrainingLossIsTheMeanOverSamplesNotOverSteps()
    {
        // Parameters stay as they are (η = 0), so the epoch's loss is that of the whole set, the smaller last batch included.
        var network = new TestNetwork<Line>(seed: 5);
        var optimizer = new Descent();
        Dataset data = Numbers(10, target: 3);
        TrainingHistory history = Trainer.Fit(network, data, ref optimizer, new TrainingOptions { Epochs = 1, BatchSize = 4 });
        Assert.Equal(network.ComputeLoss(data.Inputs, data.Targets), history.Last.TrainingLoss, 4);
    }

    [Fact]
    public void TheSameSeedGivesTheSameParametersAndAnotherSeedOthers()
    {
        float[] Train(int seed)
        {
            var network = new TestNetwork<TwoClasses>();
            var optimizer = new Descent { LearningRate = 0.5f };
            Trainer.Fit(network, Points(50), ref optimizer, new TrainingOptions { Epochs = 3, BatchSize = 8, Seed = seed });
            return Parameters(network);
        }
        Assert.Equal(Train(1), Train(1));
        Assert.NotEqual(Train(1), Train(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ShuffleGoesThroughEverySampleOnceInANewOrder(int batchSize)
    {
        List<float[]> steps = StepsOf(new TrainingOptions { Epochs = 2, BatchSize = batchSize }, 10);
        float[] all = [.. steps.SelectMany(step => step)];
        float[] inOrder = [.. Enumerable.Range(0, 10).Select(i => (float)i)];
        Assert.Equal(inOrder, all[..10].Order());
        Assert.Equal(inOrder, all[10..].Order());
        Assert.NotEqual(inOrder, all[..10]);
        Assert.NotEqual(all[..10], all[10..]);
        if (batchSize == 4)
            Assert.Equal([4, 4, 2, 4, 4, 2], steps.Select(step => step.Length));
    }

    [Fact]
    public void SequentialKeepsTheOrder()
    {
        List<float[]> steps = StepsOf(new TrainingOptions { Epochs = 1, BatchSize = 3, Sampling = Sampling.Sequential }, 7);
        Assert.Equal([[0, 1, 2], [3, 4, 5], [6]], steps);
    }

    [Fact]
    public void WithReplacementDrawsFromAllSamples()
    {
        List<float[]> steps = StepsOf(new TrainingOptions { Epochs = 1, BatchSize = 16, Sampling = Sampling.WithReplacement }, 1000);
        float[] drawn = [.. steps.SelectMany(step => step)];
        Assert.Equal(1000, drawn.Length);
        Assert.All(drawn, sample => Assert.InRange(sample, 0, 999));
        // 1000 · (1 − 1/e) = 632 different ones are to be expected, with a standard deviation of 10.
        Assert.InRange(drawn.Distinct().Count(), 580, 690);
    }

    [Theory]
    [InlineData(Sampling.Shuffle)]
    [InlineData(Sampling.WithReplacement)]
    [InlineData(Sampling.Sequential)]
    public void StepsAllocateNothing(Sampling sampling)
    {
        long Allocated(int count)
        {
            var network = new TestNetwork<Line>();
            var optimizer = new Descent { LearningRate = 1e-9f };
            Dataset data = Numbers(64 * count + 1);
            var options = new TrainingOptions { Epochs = 4, BatchSize = 64, Sampling = sampling, Validation = Numbers(1), MeasureTrainingAccuracy = true };
            return Allocation.Of(() => Trainer.Fit(network, data, ref optimizer, options));
        }
        // Ten times the steps; what is added is the order of the samples, 4 bytes for each.
        long few = Allocated(10), many = Allocated(100);
        Assert.Equal(4 * 64 * 90, many - few);
    }

    [Fact]
    public void EpochsAllocateOnlyTheirReport()
    {
        long Allocated(int epochs)
        {
            var network = new TestNetwork<TwoClasses>();
            var optimizer = new Descent { LearningRate = 0.1f };
            Dataset data = Points(100);
            var options = new TrainingOptions { Epochs = epochs, Validation = Points(30), MeasureTrainingAccuracy = true };
            return Allocation.Of(() => Trainer.Fit(network, data, ref optimizer, options));
        }
        Assert.InRange(Allocated(200) - Allocated(100), 0, 100 * 256);
    }

    [Fact]
    public void DivergenceNamesEpochAndStep()
    {
        // Each step multiplies y = w + b by about −4η = −8 · 10⁹, so that y² is beyond a float in the third.
        var network = new TestNetwork<Line>();
        network.LoadParameters([1, 0]);
        var optimizer = new Descent { LearningRate = 2e9f };
        var data = new Dataset([1, 1, 1], [0, 0, 0], 1, 1);
        var e = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(network, data, ref optimizer, new TrainingOptions { BatchSize = 1 }));
        Assert.Equal((1, 3), (e.Epoch, e.Step));
        Assert.False(double.IsFinite(e.Loss));
        Assert.Contains("epoch 1, step 3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DivergenceInTheVeryLastStepIsSeen()
    {
        var network = new TestNetwork<Line>();
        network.LoadParameters([1, 0]);
        var optimizer = new Descent { LearningRate = float.MaxValue };
        var data = new Dataset([1], [0], 1, 1);
        var e = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(network, data, ref optimizer, new TrainingOptions { Epochs = 1 }));
        Assert.Equal((1, 1), (e.Epoch, e.Step));
    }

    [Fact]
    public void DivergenceOnTheValidationSetIsSeen()
    {
        var network = new TestNetwork<Line>();
        network.LoadParameters([1, 0]);
        var optimizer = new Descent();
        var options = new TrainingOptions { Epochs = 1, Validation = new Dataset([float.MaxValue], [0], 1, 1) };
        var e = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(network, Numbers(1), ref optimizer, options));
        Assert.Equal(double.PositiveInfinity, e.Loss);
    }

    [Fact]
    public void CancellationLeavesTheParametersOfTheLastWholeStep()
    {
        var network = new TestNetwork<Line>(seed: 2) { Steps = [] };
        var optimizer = new Descent { LearningRate = 0.01f };
        using var source = new CancellationTokenSource();
        var options = new TrainingOptions
        {
            Epochs = 5,
            BatchSize = 2,
            CancellationToken = source.Token,
            Progress = new Immediate(report => { if (report.Epoch == 2) source.Cancel(); }),
        };
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(network, Numbers(5, 1), ref optimizer, options));
        Assert.Equal(6, network.Steps!.Count);

        var same = new TestNetwork<Line>(seed: 2);
        Trainer.Fit(same, Numbers(5, 1), ref optimizer, options with { Epochs = 2, Progress = null, CancellationToken = default });
        Assert.Equal(Parameters(same), Parameters(network));
    }

    [Fact]
    public void CancelledBeforehandNothingIsTrained()
    {
        var network = new TestNetwork<Line> { Steps = [] };
        var optimizer = new Descent();
        var options = new TrainingOptions { CancellationToken = new CancellationToken(canceled: true) };
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(network, Numbers(5), ref optimizer, options));
        Assert.Empty(network.Steps!);
    }

    [Fact]
    public void ProgressIsToldOfEachEpoch()
    {
        var told = new List<EpochReport>();
        var network = new TestNetwork<Line>();
        var optimizer = new Descent();
        TrainingHistory history = Trainer.Fit(network, Numbers(5), ref optimizer, new TrainingOptions { Epochs = 4, Progress = new Immediate(told.Add) });
        Assert.Equal(history, told);
        Assert.All(told, report => Assert.Equal((null, null, null), (report.TrainingAccuracy, report.ValidationLoss, report.ValidationAccuracy)));
    }

    [Fact]
    public void TheScheduleSetsTheLearningRateOfEachEpoch()
    {
        var network = new TestNetwork<Line>();
        var optimizer = new Descent { LearningRate = 9 };
        var rates = new List<float>();
        var options = new TrainingOptions { Epochs = 3, LearningRate = epoch => 0.01f / epoch };
        var collect = new Descent();
        Trainer.Fit(network, Numbers(5), ref optimizer, options);
        Assert.Equal(0.01f / 3, optimizer.LearningRate);
        Trainer.Fit(network, Numbers(5), ref collect, options with { LearningRate = epoch => { rates.Add(epoch); return 0; } });
        Assert.Equal([1, 2, 3], rates);
    }

    [Fact]
    public void EvaluateCountsClasses()
    {
        // z = (x₀, x₁): the larger input is the class; 20 samples go over two batches and a half.
        var network = new TestNetwork<TwoClasses>();
        network.LoadParameters([1, 0, 0, 1, 0, 0]);
        var inputs = new float[40];
        var targets = new float[40];
        for (int i = 0; i < 20; i++)
        {
            inputs[2 * i] = 1;
            targets[2 * i + (i < 15 ? 0 : 1)] = 1;
        }
        Evaluation evaluation = Trainer.Evaluate(network, new Dataset(inputs, targets, 2, 2));
        Assert.Equal(0.75, evaluation.Accuracy);
        double right = Math.Log(1 + Math.Exp(-1)), wrong = Math.Log(1 + Math.Exp(1));
        Assert.Equal((15 * right + 5 * wrong) / 20, evaluation.Loss, 5);
    }

    [Fact]
    public void EvaluateComparesEachOutputWithOneHalf()
    {
        // y = (σ(x), σ(−x)) for x = 1, −1 against (1, 0), (1, 1): the first is right twice, the second once.
        var network = new TestNetwork<TwoSides>();
        network.LoadParameters([1, -1, 0, 0]);
        Assert.Equal(0.75, Trainer.Evaluate(network, new Dataset([1, -1], [1, 0, 1, 1], 1, 2)).Accuracy);
        Assert.Null(Trainer.Evaluate(new TestNetwork<Line>(), Numbers(3)).Accuracy);
    }

    [Fact]
    public void OutputsThatAreNotANumberAreNotRight()
    {
        var network = new TestNetwork<TwoClasses>();
        network.LoadParameters([float.NaN, 0, 0, 1, 0, 0]);
        Assert.Equal(0, Trainer.Evaluate(network, Points(4)).Accuracy);

        var sides = new TestNetwork<TwoSides>();
        sides.LoadParameters([float.NaN, 1, 0, 0]);
        Assert.Equal(0.5, Trainer.Evaluate(sides, new Dataset([-1], [0, 0], 1, 2)).Accuracy);
    }

    [Fact]
    public void WrongArgumentsAreNamed()
    {
        var network = new TestNetwork<Line>();
        var optimizer = new Descent();
        void Refused(string text, Dataset data, TrainingOptions? options)
        {
            var e = Assert.ThrowsAny<ArgumentException>(() => Trainer.Fit(network, data, ref optimizer, options));
            Assert.Contains(text, e.Message, StringComparison.Ordinal);
        }
        Refused("Epochs", Numbers(1), new TrainingOptions { Epochs = 0 });
        Refused("BatchSize", Numbers(1), new TrainingOptions { BatchSize = 0 });
        Refused("Sampling", Numbers(1), new TrainingOptions { Sampling = (Sampling)7 });
        Refused("Validation", Numbers(1), new TrainingOptions { Validation = Points(2) });
        Refused("1 inputs and 1 targets; they have 2 and 2", Points(2), null);
        Refused("train", null!, null);
        Assert.Throws<ArgumentException>(() => Trainer.Evaluate(network, Points(2)));
    }

    private sealed class Immediate(Action<EpochReport> report) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => report(value);
    }
}
