using System.Runtime.CompilerServices;
using Backprop.Kernels;
using Backprop.Numerics;
using Backprop.Tests.Numerics;

namespace Backprop.Tests.Kernels;

/// <summary>The gradient a·δᵀ of two layers, offered as a step's kernels offer it: the last layer first, a block of rows of every panel after the other.</summary>
public sealed class CanonicalProductsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 4, 7)]
    [InlineData(16, 17, 5)]
    [InlineData(17, 70, 16)]
    [InlineData(33, 130, 65)]
    [InlineData(50, 9, 200)]
    public void Rows_are_written_in_canonical_order(int inputs, int hidden, int units)
    {
        Widths.ForEach(new Check(inputs, hidden, units, RowsAtOnce: 16));
        Widths.ForEach(new Check(inputs, hidden, units, RowsAtOnce: 1000));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 4, 7)]
    [InlineData(17, 70, 16)]
    [InlineData(33, 130, 65)]
    public void Rows_of_a_pair_are_added(int inputs, int hidden, int units) => Widths.ForEach(new PairCheck(inputs, hidden, units));

    [Fact]
    public void What_comes_in_vectors_goes_into_the_buffer()
    {
        var products = Products<One>(new PackedParameters([new PanelLayout(4, 4, Bias: true)], last: null), [], default);
        float[] block = [9f, 9f, 9f, 9f, 1f, 1f, 1f, 1f];
        products.Accept(ref block[0], 4, Lanes128.Create(3f));
        products.Complete(ref block[0], 0, 8);
        Assert.Equal([9f, 9f, 9f, 9f, 3f, 3f, 3f, 3f], block);
        Assert.False(products.Taken);
    }

    [Fact]
    public void What_comes_of_a_pair_in_vectors_is_added()
    {
        var products = Products<Two>(new PackedParameters([new PanelLayout(4, 4, Bias: true)], last: null), [], default);
        float[] block = [9f, 9f, 9f, 9f, 1f, 1f, 1f, 1f, 9f];
        products.AcceptScaled(ref block[4], 0, Lanes128.Create(3f));
        products.Complete(ref block[4], 4, 4);
        Assert.Equal([9f, 9f, 9f, 9f, 4f, 4f, 4f, 4f, 9f], block);
        Assert.Equal(0.5f, products.Factor);
    }

    private static unsafe CanonicalProducts<TSamples> Products<TSamples>(PackedParameters packed, Span<float> gradient, SamplePair pair) where TSamples : struct, ICount
    {
        fixed (float* first = gradient)
            return new CanonicalProducts<TSamples>(packed, first, pair);
    }

    private static void Offer<TLanes, TSamples>(ref CanonicalProducts<TSamples> products, PanelLayout layout, int offset, ref float a, ref float delta, int rowsAtOnce)
        where TLanes : struct, ILanes<TLanes>
        where TSamples : struct, ICount
    {
        float block = 0f;
        for (int row = 0; row < layout.Inputs; row += rowsAtOnce)
        {
            for (int panel = 0; panel < layout.Panels; panel++)
            {
                int width = layout.Width(panel);
                products.CompleteProduct<TLanes>(
                    ref block, offset + layout.Offset(panel) + row * width, ref Unsafe.Add(ref a, row), Math.Min(rowsAtOnce, layout.Inputs - row),
                    ref Unsafe.Add(ref delta, layout.FirstUnit(panel)), width);
            }
        }
    }

    private static float[] Integers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-9, 10))];

    private static float[] Padded(Random random, PanelLayout layout) => [.. Integers(random, layout.Units), .. new float[layout.PaddedUnits - layout.Units]];

    private readonly record struct Check(int Inputs, int Hidden, int Units, int RowsAtOnce) : IWidthCheck
    {
        private const float Guard = 1e9f;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            PanelLayout first = new(Inputs, Hidden, Bias: true), second = new(Hidden, Units, Bias: false);
            if (Math.Min(first.VectorLength, second.VectorLength) < TLanes.Count)
                return;
            float[] gradient = GC.AllocateArray<float>(first.Count + second.Count + 1, pinned: true);
            Array.Fill(gradient, Guard);
            var products = Products<One>(new PackedParameters([first, second], last: null), gradient, default);
            var random = new Random(Inputs + Hidden);
            float[] x = Integers(random, Inputs), a = Integers(random, Hidden), delta1 = Padded(random, first), delta2 = Padded(random, second);
            Offer<TLanes, One>(ref products, second, first.Length, ref a[0], ref delta2[0], RowsAtOnce);
            Offer<TLanes, One>(ref products, first, 0, ref x[0], ref delta1[0], RowsAtOnce);

            Assert.True(products.Taken);
            float[] expected = [.. Rows(x, delta1, Hidden), .. Enumerable.Repeat(Guard, Hidden), .. Rows(a, delta2, Units), Guard];
            Assert.Equal(expected, gradient);
        }

        private static IEnumerable<float> Rows(float[] a, float[] delta, int units) => delta.Take(units).SelectMany(d => a.Select(value => value * d));
    }

    // Inputs of the two follow each other; activations and δ are in scratch of their own.
    private readonly record struct PairCheck(int Inputs, int Hidden, int Units) : IWidthCheck
    {
        private const int Scratch = 300;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            PanelLayout first = new(Inputs, Hidden, Bias: true), second = new(Hidden, Units, Bias: false);
            if (Math.Min(first.VectorLength, second.VectorLength) < TLanes.Count)
                return;
            float[] gradient = GC.AllocateArray<float>(first.Count + second.Count, pinned: true);
            var products = Products<Two>(new PackedParameters([first, second], last: null), gradient, new SamplePair(Inputs, Scratch, first.Length));
            var random = new Random(Inputs + Hidden);
            float[] x = Integers(random, 2 * Inputs), a = Integers(random, Scratch + Hidden), delta1 = Integers(random, 2 * Scratch), delta2 = Integers(random, 2 * Scratch);
            Offer<TLanes, Two>(ref products, second, first.Length, ref a[Scratch], ref delta2[Scratch], rowsAtOnce: 16);
            Offer<TLanes, Two>(ref products, first, 0, ref x[Inputs], ref delta1[Scratch], rowsAtOnce: 1000);

            int units = Units, hidden = Hidden, inputs = Inputs;
            IEnumerable<float> second2 = Enumerable.Range(0, units).SelectMany(u => Enumerable.Range(0, hidden).Select(i => delta2[u] * a[i] + delta2[Scratch + u] * a[Scratch + i]));
            IEnumerable<float> first2 = Enumerable.Range(0, hidden).SelectMany(u => Enumerable.Range(0, inputs).Select(i => delta1[u] * x[i] + delta1[Scratch + u] * x[inputs + i]));
            Assert.Equal([.. first2, .. new float[hidden], .. second2], gradient);
        }
    }
}
