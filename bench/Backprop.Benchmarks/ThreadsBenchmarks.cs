using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks;

/// <summary>An SGD step on a large batch, on one thread and on two. Times are for a whole call.</summary>
[MemoryDiagnoser]
[HideColumns("Error", "StdDev", "Median", "RatioSD")]
public class ThreadsBenchmarks
{
    private readonly TrainingThreads _threads = new(2);
    private Action _alone = null!;
    private Action _together = null!;

    /// <summary>The network: its sizes.</summary>
    [Params("784-128-10", "784-512-256-10", "128-128-128-128-128-10")]
    public string Network { get; set; } = "";

    /// <summary>The samples of one call.</summary>
    [Params(256, 1024)]
    public int Samples { get; set; }

    /// <summary>Makes the network and its samples.</summary>
    [GlobalSetup]
    public void Setup() => (_alone, _together) = Network switch
    {
        "784-128-10" => Create<Mlp784x128x10>(),
        "784-512-256-10" => Create<Mlp784x512x256x10>(),
        "128-128-128-128-128-10" => Create<Mlp128x128x128x128x128x10>(),
        _ => throw new InvalidOperationException(Network),
    };

    /// <summary>Ends the threads.</summary>
    [GlobalCleanup]
    public void Cleanup() => _threads.Dispose();

    /// <summary>One thread.</summary>
    [Benchmark(Baseline = true, Description = "TrainStep, one thread")]
    public void One() => _alone();

    /// <summary>Two threads.</summary>
    [Benchmark(Description = "TrainStep, two threads")]
    public void Two() => _together();

    private (Action Alone, Action Together) Create<TNetwork>() where TNetwork : class, INetwork<TNetwork>
    {
        var workload = new Workload(TNetwork.Spec);
        float[] inputs = Repeat(workload.Inputs), targets = Repeat(workload.Targets);
        TNetwork network = TNetwork.Create();
        return (
            () => network.TrainStep(inputs, targets, Workload.LearningRate),
            () => _threads.TrainStep(network, inputs, targets, Workload.LearningRate));
    }

    private float[] Repeat(float[] samples) => [.. Enumerable.Repeat(samples, Samples / Workload.Samples).SelectMany(values => values)];
}
