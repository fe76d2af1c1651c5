using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Backprop.Kernels;

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
        AlignedBuffer x = Aligned(data.Inputs.AsSpan(0, data.Spec.Inputs)), t = Aligned(data.Targets.AsSpan(0, data.Spec.Outputs)), y = new(data.Spec.Outputs);
        AlignedBuffer inputs = Aligned(data.Inputs), targets = Aligned(data.Targets), outputs = new(data.Targets.Length);
        float zero = 0;

        (string Name, int Samples, Action<int> Calls)[] measures =
        [
            ("a", 1, calls => Forward(engine, x.Span, y.Span, calls)),
            ("a'", 1, calls => ForwardDependent(engine, inputs.Span[..x.Length], x.Span, y.Span, Volatile.Read(ref zero), calls)),
            ("b", Workload.Samples, calls => Forward(engine, inputs.Span, outputs.Span, calls)),
            ("c", 1, calls => TrainStep(engine, x.Span, t.Span, calls)),
            ("d", Workload.Samples, calls => TrainStep(engine, inputs.Span, targets.Span, calls)),
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

    // As the other peers' memory does, it begins on a cache line: outputs that straddle two pages would cost every call up to 25 ns.
    private static AlignedBuffer Aligned(ReadOnlySpan<float> values)
    {
        var buffer = new AlignedBuffer(values.Length);
        values.CopyTo(buffer.Span);
        return buffer;
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
