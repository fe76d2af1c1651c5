using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Backprop.Benchmarks;

/// <summary>
/// Forward pass and SGD step of six networks, on one sample and on a batch of 64, by three engines: generated code, a
/// hand-written engine on TensorPrimitives, and the reference engine. Times are for a whole call.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory, BenchmarkLogicalGroupRule.ByParams)]
[HideColumns("Error", "StdDev", "Median", "RatioSD")]
public class NetworkBenchmarks
{
    private IEngine _generated = null!;
    private IEngine _tensorPrimitives = null!;
    private ReferenceNetwork _reference = null!;
    private float[] _inputs = null!;
    private float[] _targets = null!;
    private float[] _outputs = null!;
    private double[] _referenceInputs = null!;
    private double[] _referenceTargets = null!;
    private double[] _referenceOutputs = null!;

    /// <summary>The network: its sizes.</summary>
    [Params("2-2-1", "4-16-3", "16-32-32-8", "64-32-10", "128-64-64-10", "784-128-10")]
    public string Network { get; set; } = "";

    /// <summary>The samples of one call.</summary>
    [Params(1, Workload.Samples)]
    public int Samples { get; set; }

    /// <summary>Makes the engines with the same parameters, and checks that they agree before anything is timed.</summary>
    [GlobalSetup]
    public void Setup()
    {
        (_generated, NetworkSpec spec) = Network switch
        {
            "2-2-1" => Create<Mlp2x2x1>(),
            "4-16-3" => Create<Mlp4x16x3>(),
            "16-32-32-8" => Create<Mlp16x32x32x8>(),
            "64-32-10" => Create<Mlp64x32x10>(),
            "128-64-64-10" => Create<Mlp128x64x64x10>(),
            "784-128-10" => Create<Mlp784x128x10>(),
            _ => throw new InvalidOperationException(Network),
        };
        var workload = new Workload(spec);
        _tensorPrimitives = new TensorPrimitivesNetwork(spec, Workload.Samples);
        Agreement.Require("generated", _generated, workload);
        Agreement.Require("TensorPrimitives", _tensorPrimitives, workload);

        _inputs = workload.Inputs[..(Samples * spec.Inputs)];
        _targets = workload.Targets[..(Samples * spec.Outputs)];
        _outputs = new float[Samples * spec.Outputs];
        _reference = new ReferenceNetwork(spec);
        _reference.LoadParameters(Expectation.ToDouble(workload.Parameters));
        _referenceInputs = Expectation.ToDouble(_inputs);
        _referenceTargets = Expectation.ToDouble(_targets);
        _referenceOutputs = new double[_outputs.Length];

        static (IEngine, NetworkSpec) Create<T>() where T : class, INetwork<T>, IEngine => (T.Create(), T.Spec);
    }

    /// <summary>Generated code, forward.</summary>
    [BenchmarkCategory("Forward"), Benchmark(Baseline = true, Description = "Forward, generated")]
    public void GeneratedForward() => _generated.Forward(_inputs, _outputs);

    /// <summary>TensorPrimitives, forward.</summary>
    [BenchmarkCategory("Forward"), Benchmark(Description = "Forward, TensorPrimitives")]
    public void TensorPrimitivesForward() => _tensorPrimitives.Forward(_inputs, _outputs);

    /// <summary>Reference, forward.</summary>
    [BenchmarkCategory("Forward"), Benchmark(Description = "Forward, reference")]
    public void ReferenceForward() => _reference.Forward(_referenceInputs, _referenceOutputs);

    /// <summary>Generated code, SGD step.</summary>
    [BenchmarkCategory("TrainStep"), Benchmark(Baseline = true, Description = "TrainStep, generated")]
    public float GeneratedTrainStep() => _generated.TrainStep(_inputs, _targets, Workload.LearningRate);

    /// <summary>TensorPrimitives, SGD step.</summary>
    [BenchmarkCategory("TrainStep"), Benchmark(Description = "TrainStep, TensorPrimitives")]
    public float TensorPrimitivesTrainStep() => _tensorPrimitives.TrainStep(_inputs, _targets, Workload.LearningRate);

    /// <summary>Reference, SGD step.</summary>
    [BenchmarkCategory("TrainStep"), Benchmark(Description = "TrainStep, reference")]
    public double ReferenceTrainStep() => _reference.TrainStep(_referenceInputs, _referenceTargets, Workload.LearningRate);
}
