using Backprop;

namespace Runtime.Tests.Training;

/// <summary>Layers wider than a panel, and rows that fill no vector; slices of 8 samples.</summary>
[Network(37, Loss = Loss.CrossEntropy, BatchSize = 8)]
[Dense(70, Activation.ReLU)]
[Dense(19, Activation.GELU)]
[Dense(10, Activation.Softmax)]
public sealed partial class UnevenNet;

/// <summary>Layers of one and three units, whose rows are 4 floats: there is padding between the layers. Slices of 3 samples.</summary>
[Network(3, Loss = Loss.HalfSquaredError, BatchSize = 3)]
[Dense(1, Activation.Tanh, Bias = false)]
[Dense(3, Activation.Sigmoid)]
[Dense(2)]
public sealed partial class NarrowNet;

/// <summary>One layer, along its inputs: a tail of 6, and 6 floats of padding behind each row of z and of the biases. Slices of 3 samples.</summary>
[Network(70, Loss = Loss.CrossEntropy, BatchSize = 3)]
[Dense(10, Activation.Softmax)]
public sealed partial class RegressionNet;

/// <summary>More parameters than one piece of an update has; slices of 64 samples.</summary>
[Network(300, Loss = Loss.MeanSquaredError)]
[Dense(128, Activation.Tanh)]
[Dense(5)]
public sealed partial class WideNet;

public class TrainingThreadsTests
{
    private const int Steps = 4;

    private static (float[] Inputs, float[] Targets) Samples<TNetwork>(int count) where TNetwork : class, INetwork<TNetwork>
    {
        var random = new Random(count);
        var inputs = new float[count * TNetwork.InputSize];
        var targets = new float[count * TNetwork.OutputSize];
        foreach (ref float value in inputs.AsSpan())
            value = random.NextSingle() * 2 - 1;
        for (int i = 0; i < count; i++)
            targets[i * TNetwork.OutputSize + random.Next(TNetwork.OutputSize)] = 1;
        return (inputs, targets);
    }

    /// <summary>The losses of some steps, then the parameters; on the calling thread alone where threads are null.</summary>
    private static float[] Train<TNetwork, TOptimizer>(TrainingThreads? threads, int samples, TOptimizer optimizer)
        where TNetwork : class, INetwork<TNetwork>
        where TOptimizer : struct, IOptimizer
    {
        (float[] inputs, float[] targets) = Samples<TNetwork>(samples);
        TNetwork network = TNetwork.Create(seed: 1);
        var results = new float[Steps + TNetwork.ParameterCount];
        for (int step = 0; step < Steps; step++)
        {
            results[step] = threads is null
                ? network.TrainStep(inputs, targets, ref optimizer)
                : threads.TrainStep(network, inputs, targets, ref optimizer);
        }
        network.CopyParametersTo(results.AsSpan(Steps));
        return results;
    }

    private static float[] TrainPlainly<TNetwork>(TrainingThreads? threads, int samples) where TNetwork : class, INetwork<TNetwork>
    {
        (float[] inputs, float[] targets) = Samples<TNetwork>(samples);
        TNetwork network = TNetwork.Create(seed: 1);
        var results = new float[Steps + TNetwork.ParameterCount];
        for (int step = 0; step < Steps; step++)
        {
            results[step] = threads is null
                ? network.TrainStep(inputs, targets, 0.1f)
                : threads.TrainStep(network, inputs, targets, 0.1f);
        }
        network.CopyParametersTo(results.AsSpan(Steps));
        return results;
    }

    private static void AssertSameBits<TNetwork>(params int[] batches) where TNetwork : class, INetwork<TNetwork>
    {
        foreach (int count in new[] { 1, 2, 3, 8 })
        {
            using var threads = new TrainingThreads(count);
            foreach (int samples in batches)
            {
                Same(TrainPlainly<TNetwork>(null, samples), TrainPlainly<TNetwork>(threads, samples));
                Optimizer(new Sgd { LearningRate = 0.05f });
                Optimizer(new Sgd { LearningRate = 0.05f, Momentum = 0.9f, Nesterov = true, WeightDecay = 0.01f });
                Optimizer(new Adam { LearningRate = 0.01f });
                Optimizer(new RmsProp { LearningRate = 0.01f, Momentum = 0.5f });

                void Optimizer<TOptimizer>(TOptimizer optimizer) where TOptimizer : struct, IOptimizer =>
                    Same(Train<TNetwork, TOptimizer>(null, samples, optimizer), Train<TNetwork, TOptimizer>(threads, samples, optimizer));

                void Same(float[] expected, float[] actual) => Assert.True(
                    expected.Select(BitConverter.SingleToInt32Bits).SequenceEqual(actual.Select(BitConverter.SingleToInt32Bits)),
                    $"{typeof(TNetwork).Name}, {samples} samples, {count} threads");
            }
        }
    }

    // From one sample to several rounds of the slices of 8 threads, with a remainder of every kind.
    [Fact]
    public void AnyNumberOfThreadsGivesTheBitsOfTheNetworksOwnStep()
    {
        AssertSameBits<NarrowNet>(1, 2, 3, 4, 5, 6, 7, 9, 13, 40, 48, 49, 50, 97, 200);
        AssertSameBits<RegressionNet>(1, 2, 3, 4, 5, 6, 7, 9, 13, 40, 48, 49, 50, 97, 200);
        AssertSameBits<MoonsNet>(1, 16, 17, 64, 65, 79, 250);
        AssertSameBits<UnevenNet>(1, 7, 8, 9, 31, 32, 33, 39, 128, 129, 300);
        AssertSameBits<WideNet>(64, 65, 256, 257, 300, 448);
    }

    [Fact]
    public void NetworksMayTakeTurns()
    {
        using var threads = new TrainingThreads(3);
        float[] alone = Train<UnevenNet, Adam>(null, 50, new Adam());
        Assert.Equal(alone, Train<UnevenNet, Adam>(threads, 50, new Adam()));
        Train<NarrowNet, Adam>(threads, 50, new Adam());
        Train<WideNet, Sgd>(threads, 200, new Sgd());
        Assert.Equal(alone, Train<UnevenNet, Adam>(threads, 50, new Adam()));
    }

    [Theory]
    [InlineData(65)]
    [InlineData(600)]
    public void AgreesWithTheReferenceEngine(int samples)
    {
        (float[] inputs, float[] targets) = Samples<WideNet>(samples);
        var network = new WideNet(seed: 5);
        var reference = new ReferenceNetwork(WideNet.Spec, seed: 5);
        using var threads = new TrainingThreads(2);
        for (int step = 0; step < 5; step++)
        {
            double expected = reference.TrainStep([.. inputs.Select(x => (double)x)], [.. targets.Select(t => (double)t)], 0.1);
            Assert.Equal(expected, threads.TrainStep(network, inputs, targets, 0.1f), 1e-5);
        }
        var actual = new float[WideNet.ParameterCount];
        var exact = new double[WideNet.ParameterCount];
        network.CopyParametersTo(actual);
        reference.CopyParametersTo(exact);
        Assert.All(exact.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    /// <summary>Work that asks every thread what it has allocated in its life.</summary>
    private sealed class AllocationMeter(WorkerGroup group) : IDividedWork
    {
        private readonly CountdownEvent _all = new(group.Count);
        private readonly long[] _allocated = new long[group.Count];

        // Each thread gets one piece, as none returns before all have come.
        public void Do(int piece, int worker)
        {
            _allocated[worker] = GC.GetAllocatedBytesForCurrentThread();
            _all.Signal();
            _all.Wait();
        }

        public long[] Read()
        {
            _all.Reset();
            group.Run(this, group.Count);
            return [.. _allocated];
        }
    }

    [Fact]
    public void StepsAllocateNothingOnAnyThread()
    {
        using var threads = new TrainingThreads(3);
        (float[] inputs, float[] targets) = Samples<UnevenNet>(100);
        var network = new UnevenNet();
        var adam = new Adam();
        var meter = new AllocationMeter(threads.Workers);

        // The fewest bytes of several runs, for the reason that Allocation has.
        long[] AllocatedIn(int steps)
        {
            long[] fewest = [.. Enumerable.Repeat(long.MaxValue, threads.Count)];
            for (int run = 0; run < 5; run++)
            {
                long[] before = meter.Read();
                for (int i = 0; i < steps; i++)
                    threads.TrainStep(network, inputs, targets, ref adam);
                fewest = [.. meter.Read().Zip(before, (after, first) => after - first).Zip(fewest, Math.Min)];
            }
            return fewest;
        }
        Assert.Equal(AllocatedIn(0), AllocatedIn(100));
    }

    /// <summary>Fails in a part of an update, on whichever thread that falls to.</summary>
    private struct Failing : IOptimizer
    {
        public float LearningRate { get; set; }

        public bool Fails { get; set; }

        public readonly void BeginStep(object network, int length)
        {
        }

        public readonly void Update(ref float parameters, ref float gradient, int offset, int count)
        {
            if (Fails && offset > 10_000)
                throw new NotSupportedException($"at {offset}");
        }
    }

    [Fact]
    public void WhatAThreadThrowsReachesTheCallerAndTheNextStepWorks()
    {
        using var threads = new TrainingThreads(4);
        (float[] inputs, float[] targets) = Samples<WideNet>(256);
        var network = new WideNet(seed: 1);
        var failing = new Failing { Fails = true };
        for (int i = 0; i < 20; i++)
            Assert.Contains("at ", Assert.Throws<NotSupportedException>(() => threads.TrainStep(network, inputs, targets, ref failing)).Message, StringComparison.Ordinal);

        failing.Fails = false;
        Assert.Equal(network.TrainStep(inputs, targets, ref failing), threads.TrainStep(network, inputs, targets, ref failing));
    }

    [Fact]
    public void WrongArgumentsAreRefusedAsByTheNetwork()
    {
        using var threads = new TrainingThreads(2);
        (float[] inputs, float[] targets) = Samples<UnevenNet>(20);
        var network = new UnevenNet();
        var adam = new Adam();
        Assert.Throws<ArgumentException>("inputs", () => threads.TrainStep(network, inputs.AsSpan(1), targets, 0.1f));
        Assert.Throws<ArgumentException>("inputs", () => threads.TrainStep(network, [], [], 0.1f));
        Assert.Throws<ArgumentException>("targets", () => threads.TrainStep(network, inputs, targets.AsSpan(1), ref adam));
        Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => threads.TrainStep(network, inputs, targets, float.NaN));
        Assert.Throws<ArgumentNullException>("network", () => threads.TrainStep<UnevenNet>(null!, inputs, targets, 0.1f));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => new TrainingThreads(0));

        threads.TrainStep(network, inputs, targets, ref adam);
        Assert.Throws<InvalidOperationException>(() => threads.TrainStep(new UnevenNet(), inputs, targets, ref adam));
    }

    /// <summary>Begins a step within a step.</summary>
    private struct Nested : IOptimizer
    {
        public float LearningRate { get; set; }

        public TrainingThreads Threads { get; init; }

        public readonly void BeginStep(object network, int length) => Threads.TrainStep(new MoonsNet(), [0, 0], [0, 1], 0.1f);

        public readonly void Update(ref float parameters, ref float gradient, int offset, int count)
        {
        }
    }

    [Fact]
    public void OneStepAtATime()
    {
        using var threads = new TrainingThreads(2);
        (float[] inputs, float[] targets) = Samples<UnevenNet>(20);
        var nested = new Nested { Threads = threads };
        Assert.Throws<InvalidOperationException>(() => threads.TrainStep(new UnevenNet(), inputs, targets, ref nested));
        threads.TrainStep(new UnevenNet(), inputs, targets, 0.1f);
    }

    [Fact]
    public void DisposeEndsTheThreads()
    {
        var threads = new TrainingThreads(4);
        var network = new UnevenNet();
        (float[] inputs, float[] targets) = Samples<UnevenNet>(40);
        threads.TrainStep(network, inputs, targets, 0.1f);
        threads.Dispose();
        threads.Dispose();
        Assert.All(threads.Workers.Threads, thread => Assert.False(thread.IsAlive));
        Assert.Throws<ObjectDisposedException>(() => threads.TrainStep(network, inputs, targets, 0.1f));
    }

    [Fact]
    public void AHandWrittenNetworkDoesItsOwnStep()
    {
        using var threads = new TrainingThreads(2);
        var network = new TestNetwork<Line> { Steps = [] };
        var descent = new Descent();
        threads.TrainStep(network, new float[100], new float[100], ref descent);
        Assert.Equal(100, Assert.Single(network.Steps).Length);
    }

    [Fact]
    public void FitGivesTheSameOnAnyNumberOfThreads()
    {
        (float[] inputs, float[] targets) = Samples<UnevenNet>(333);
        var data = new Dataset(inputs, targets, UnevenNet.InputSize, UnevenNet.OutputSize);
        float[] Fit(int threads)
        {
            var network = new UnevenNet();
            var adam = new Adam();
            Trainer.Fit(network, data, ref adam, new TrainingOptions { Epochs = 3, BatchSize = 50, Threads = threads });
            var parameters = new float[UnevenNet.ParameterCount];
            network.CopyParametersTo(parameters);
            return parameters;
        }
        float[] alone = Fit(1);
        Assert.Equal(alone, Fit(2));
        Assert.Equal(alone, Fit(5));
        var e = Assert.Throws<ArgumentException>(() => Fit(0));
        Assert.Contains("Threads", e.Message, StringComparison.Ordinal);
    }
}
