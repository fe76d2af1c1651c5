using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Backprop.Benchmarks.Peers;

/// <summary>One measurement, as a line of JSON.</summary>
/// <param name="Peer">Who.</param>
/// <param name="Workload">W1, W2, …</param>
/// <param name="Measure">a: forward, one sample; a': each call depends on the last; b: forward, batch; c: SGD step, one sample; d: SGD step, batch.</param>
/// <param name="Ns">Nanoseconds per sample.</param>
public sealed record Measurement(string Peer, string Workload, string Measure, double Ns)
{
    /// <summary>How measurements are written: lower-case names.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);
}

/// <summary>Measures one C# engine on one workload.</summary>
public static class EngineMeasures
{
    /// <summary>Prints all five measures.</summary>
    /// <param name="peer">The engine's name.</param>
    /// <param name="workload">The workload.</param>
    public static void Run(string peer, PeerWorkload workload)
    {
        Workload data = workload.Workload;
        IEngine engine = workload.Engine(peer);
        var x = data.Inputs.AsSpan(0, data.Spec.Inputs).ToArray();
        var t = data.Targets.AsSpan(0, data.Spec.Outputs).ToArray();
        var y = new float[data.Spec.Outputs];
        var outputs = new float[data.Targets.Length];
        float zero = 0;

        (string Name, int Samples, Action<int> Calls)[] measures =
        [
            ("a", 1, calls => Forward(engine, x, y, calls)),
            ("a'", 1, calls => ForwardDependent(engine, data.Inputs.AsSpan(0, x.Length), x, y, Volatile.Read(ref zero), calls)),
            ("b", Workload.Samples, calls => Forward(engine, data.Inputs, outputs, calls)),
            ("c", 1, calls => TrainStep(engine, x, t, calls)),
            ("d", Workload.Samples, calls => TrainStep(engine, data.Inputs, data.Targets, calls)),
        ];
        foreach ((_, _, Action<int> calls) in measures)
            Timer.WarmUp(calls);
        Timer.Pin();
        foreach ((string measure, int samples, Action<int> calls) in measures)
        {
            engine.LoadParameters(data.Parameters);
            double ns = Timer.Nanoseconds(calls) / samples;
            Console.WriteLine(JsonSerializer.Serialize(new Measurement(peer, workload.Name, measure, ns), Measurement.Json));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forward(IEngine engine, ReadOnlySpan<float> inputs, Span<float> outputs, int calls)
    {
        for (int i = 0; i < calls; i++)
            engine.Forward(inputs, outputs);
    }

    /// <summary>Every input of a call waits for the last output of the call before it, without being changed by it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ForwardDependent(IEngine engine, ReadOnlySpan<float> values, Span<float> inputs, Span<float> outputs, float zero, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            engine.Forward(inputs, outputs);
            TensorPrimitives.Add(values, outputs[0] * zero, inputs);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TrainStep(IEngine engine, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int calls)
    {
        for (int i = 0; i < calls; i++)
            engine.TrainStep(inputs, targets, Workload.LearningRate);
    }
}
