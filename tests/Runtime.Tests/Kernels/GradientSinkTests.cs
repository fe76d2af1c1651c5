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

    /// <summary>One that the runtime does not know is given a·δᵀ of a sample in blocks that the buffer holds.</summary>
    [Fact]
    public void An_optimizer_of_others_is_given_a_product_in_blocks()
    {
        const int rows = 40, width = 64, offset = 48;
        float[] a = [.. Enumerable.Range(0, rows).Select(i => (float)(i - 7))], delta = [.. Enumerable.Range(0, width).Select(j => (float)(j % 5 - 2))];
        var block = new float[rows * width];
        var sink = new OptimizerUpdate<Recorder>(new Recorder { Calls = [] }, new AlignedBuffer(GradientBlock.MaxLength));

        sink.CompleteProduct<Lanes128>(ref block[0], offset, ref a[0], rows, ref delta[0], width);

        const int most = GradientBlock.MaxLength / width * width;
        Assert.Equal([(offset, most), (offset + most, most), (offset + 2 * most, rows * width - 2 * most)], sink.Optimizer.Calls);
        Assert.Equal(a.SelectMany(_ => delta, (x, d) => -(x * d)), block);
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

    // The same gradient twice over, as a·δᵀ with the single row a = 2; with the weights where the caller has read them.
    private static void FeedProduct<TLanes, TSink>(ref TSink sink, float[] block, bool weightsRead)
        where TLanes : struct, ILanes<TLanes>
        where TSink : struct, IGradientSink
    {
        var a = 2f;
        var factor = sink.Factor;
        float[] delta = [.. Gradient.Select(g => g * factor)];
        for (var i = 0; sink.TakesProductVectors && i < Count; i += TLanes.Count)
        {
            var deltas = TLanes.Load(in delta[0], i);
            if (weightsRead) sink.AcceptProduct(ref block[0], i, TLanes.Create(a), deltas, TLanes.Load(in block[0], i));
            else sink.AcceptProduct(ref block[0], i, TLanes.Create(a), deltas);
        }

        sink.CompleteProduct<TLanes>(ref block[0], 48, ref a, 1, ref delta[0], Count);
    }

    // The gradient of a single sample, times what the sink asks for.
    private static void FeedScaled<TLanes, TSink>(ref TSink sink, float[] block)
        where TLanes : struct, ILanes<TLanes>
        where TSink : struct, IGradientSink
    {
        for (var i = 0; i < Count; i += TLanes.Count) sink.AcceptScaled(ref block[0], i, TLanes.Create(sink.Factor) * TLanes.Load(in Gradient[0], i));
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

            foreach (var weightsRead in (bool[])[false, true])
            {
                var product = (float[])before.Clone();
                sink = Sink;
                FeedProduct<TLanes, TSink>(ref sink, product, weightsRead);
                Assert.Equal(before.Zip(Gradient.Select(g => 2 * g), Expected), product);
            }

            var summed = (float[])before.Clone();
            sink = Sink;
            FeedScaled<TLanes, TSink>(ref sink, summed);
            Assert.Equal(before.Zip(Gradient, Expected), summed);
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
