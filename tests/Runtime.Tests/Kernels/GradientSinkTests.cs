using System.Runtime.CompilerServices;
using Backprop.Kernels;
using Backprop.Numerics;
using Backprop.Tests.Numerics;

namespace Backprop.Tests.Kernels;

/// <summary>A block of 32 integer-valued gradients through every sink, on every width.</summary>
public sealed class GradientSinkTests
{
    private const int Count = 32;

    private static readonly float[] Gradient = Enumerable.Range(0, Count).Select(i => (float)(i - 10)).ToArray();

    [Fact]
    public void Store_overwrites() => Check(new GradientStore(), (_, g) => g);

    [Fact]
    public void Accumulate_adds() => Check(new GradientAccumulate(), (w, g) => w + g);

    [Fact]
    public void Sgd_steps_against_the_gradient() => Check(new SgdUpdate(0.5f), (w, g) => w - 0.5f * g);

    /// <summary>The fused step has neither momentum nor weight decay; what has one must not take it.</summary>
    [Fact]
    public void Only_plain_Sgd_is_fused()
    {
        Assert.True(Fuses(new Sgd { LearningRate = 0.5f }));
        Assert.False(Fuses(new Sgd { LearningRate = 0.5f, Momentum = 0.9f }));
        Assert.False(Fuses(new Sgd { LearningRate = 0.5f, WeightDecay = 0.1f }));
        Assert.False(Fuses(new AdaGrad { LearningRate = 0.5f }));

        static bool Fuses<TOptimizer>(TOptimizer optimizer) where TOptimizer : struct, IOptimizer => SgdUpdate.IsAllOf(ref optimizer, out _);
    }

    [Fact]
    public void An_optimizer_is_called_once_with_the_whole_block()
    {
        var collected = new AlignedBuffer(GradientBlock.MaxLength);
        Check(new OptimizerUpdate<Recorder>(new Recorder { Calls = [] }, collected), (w, g) => w - g);

        var recorder = new Recorder { Calls = [] };
        var sink = new OptimizerUpdate<Recorder>(recorder, collected);
        var block = new float[Count];
        Feed<Lanes128, OptimizerUpdate<Recorder>>(ref sink, block);
        Assert.Equal([(48, Count)], sink.Optimizer.Calls);
    }

    private static void Check<TSink>(TSink sink, Func<float, float, float> expected) where TSink : struct, IGradientSink =>
        Widths.ForEach(new SinkCheck<TSink>(sink, expected));

    private static void Feed<TLanes, TSink>(ref TSink sink, float[] block)
        where TLanes : struct, ILanes<TLanes>
        where TSink : struct, IGradientSink
    {
        for (var i = 0; i < Count; i += TLanes.Count) sink.Accept(ref block[0], i, TLanes.Load(in Gradient[0], i));
        sink.Complete(ref block[0], 48, Count);
    }

    private readonly record struct SinkCheck<TSink>(TSink Sink, Func<float, float, float> Expected) : IWidthCheck
        where TSink : struct, IGradientSink
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var before = Enumerable.Range(0, Count).Select(i => (float)(2 * i)).ToArray();
            var block = (float[])before.Clone();
            var sink = Sink;
            Feed<TLanes, TSink>(ref sink, block);
            Assert.Equal(before.Zip(Gradient, Expected), block);
        }
    }

    private struct Recorder : IOptimizer
    {
        public List<(int Offset, int Count)> Calls { get; init; }

        public float LearningRate { get; set; }

        public readonly void BeginStep(object network, int length)
        {
        }

        public readonly void Update(ref float parameters, ref float gradient, int offset, int count)
        {
            Calls.Add((offset, count));
            for (var i = 0; i < count; i++)
            {
                Unsafe.Add(ref parameters, i) -= Unsafe.Add(ref gradient, i);
            }
        }
    }
}
