using System.Runtime.CompilerServices;
using Backprop.Kernels;
using Backprop.Numerics;
using Backprop.Tests.Numerics;

namespace Backprop.Tests.Kernels;

/// <summary>The gradient of two samples, in small integers, of which the second one's products and vectors come.</summary>
public sealed class PairUpdateTests
{
    private const int Inputs = 70, Scratch = 200, FirstLayer = 5000;

    [Theory]
    [InlineData(0, 16, 70)]
    [InlineData(0, 48, 33)]
    [InlineData(FirstLayer, 32, 16)]
    [InlineData(FirstLayer, 64, 17)]
    public void Products_of_both_are_added(int offset, int width, int rows)
    {
        Widths.ForEach(new Products(offset, width, rows, InPlace: true));
        Widths.ForEach(new Products(offset, width, rows, InPlace: false));
    }

    /// <summary>So that what it is given of either is half of what the sink would be given of one.</summary>
    [Fact]
    public void Half_of_the_sinks_factor_goes_into_delta()
    {
        Assert.Equal(-0.125f, new PairUpdate<SgdUpdate>(new SgdUpdate(0.25f), default, distance: 0).Factor);
        Assert.Equal(-0.125f, new FirstOfPair(-0.125f).Factor);
    }

    /// <summary>As many as no vector but the shortest divides.</summary>
    [Fact]
    public void Vectors_are_added_to_those_of_the_first()
    {
        const int count = 20;
        float[] both = GC.AllocateArray<float>(2 * count, pinned: true);
        for (int i = 0; i < count; i++)
            (both[i], both[count + i]) = (100 * i, 2 * i);
        var update = new PairUpdate<SgdUpdate>(new SgdUpdate(-1f), new SamplePair(Inputs, Scratch, FirstLayer), distance: count * sizeof(float));
        for (int i = 0; i < count; i += 4)
            update.AcceptScaled(ref both[0], i, Lanes128.Create(4f));
        update.Complete(ref both[0], 0, count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => 100f * i + 2 * i + 4), both[..count]);
    }

    private readonly record struct Products(int Offset, int Width, int Rows, bool InPlace) : IWidthCheck
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var random = new Random(Width + Rows);
            float[] a = Integers(random, 2 * Scratch + Rows), delta = Integers(random, 2 * Scratch), block = Integers(random, Rows * Width), before = [.. block];
            int second = Scratch, activations = Offset < FirstLayer ? Inputs : Scratch;
            var pair = new SamplePair(Inputs, Scratch, FirstLayer);
            if (InPlace)
            {
                var update = new PairUpdate<SgdUpdate>(new SgdUpdate(-1f), pair, distance: 0);
                update.CompleteProduct<TLanes>(ref block[0], Offset, ref a[second], Rows, ref delta[second], Width);
            }
            else
            {
                var update = new PairUpdate<OptimizerUpdate<Descent>>(new OptimizerUpdate<Descent>(new Descent { Ends = [] }, new AlignedBuffer(GradientBlock.MaxLength)), pair, distance: 0);
                update.CompleteProduct<TLanes>(ref block[0], Offset, ref a[second], Rows, ref delta[second], Width);
                Assert.Equal(Offset + Rows * Width, update.Sink.Optimizer.Ends[^1]);
            }

            for (int row = 0; row < Rows; row++)
            {
                for (int unit = 0; unit < Width; unit++)
                {
                    float gradient = a[second - activations + row] * delta[second - Scratch + unit] + a[second + row] * delta[second + unit];
                    Assert.Equal(before[row * Width + unit] + gradient, block[row * Width + unit]);
                }
            }
        }

        private static float[] Integers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-9, 10))];
    }

    // It climbs by what it is given, and notes where each block ends.
    private struct Descent : IOptimizer
    {
        public List<int> Ends { get; init; }

        public float LearningRate { get; set; }

        public readonly void BeginStep(object network, int length)
        {
        }

        public readonly void Update(ref float parameters, ref float gradient, int offset, int count)
        {
            Assert.Equal(Ends.Count > 0 ? Ends[^1] : offset, offset);
            Ends.Add(offset + count);
            for (int i = 0; i < count; i++)
                Unsafe.Add(ref parameters, i) += Unsafe.Add(ref gradient, i);
        }
    }
}
