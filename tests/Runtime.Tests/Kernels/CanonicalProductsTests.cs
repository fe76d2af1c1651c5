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

    [Fact]
    public void What_comes_in_vectors_goes_into_the_buffer()
    {
        var products = Products(new PackedParameters([new PanelLayout(4, 4, Bias: true)], last: null), []);
        float[] block = new float[8];
        products.Accept(ref block[0], 4, Lanes128.Create(3f));
        products.Complete(ref block[0], 0, 8);
        Assert.Equal([0f, 0f, 0f, 0f, 3f, 3f, 3f, 3f], block);
        Assert.False(products.Taken);
    }

    private static unsafe CanonicalProducts Products(PackedParameters packed, Span<float> gradient)
    {
        fixed (float* first = gradient)
            return new CanonicalProducts(packed, first);
    }

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
            CanonicalProducts products = Products(new PackedParameters([first, second], last: null), gradient);
            var random = new Random(Inputs + Hidden);
            float[] x = Integers(random, Inputs), a = Integers(random, Hidden), delta1 = Padded(random, first), delta2 = Padded(random, second);
            Offer<TLanes>(ref products, second, first.Length, a, delta2);
            Offer<TLanes>(ref products, first, 0, x, delta1);

            Assert.True(products.Taken);
            float[] expected = [.. Rows(x, delta1, Hidden), .. Enumerable.Repeat(Guard, Hidden), .. Rows(a, delta2, Units), Guard];
            Assert.Equal(expected, gradient);
        }

        private void Offer<TLanes>(ref CanonicalProducts products, PanelLayout layout, int offset, float[] a, float[] delta) where TLanes : struct, ILanes<TLanes>
        {
            float block = 0f;
            for (int row = 0; row < layout.Inputs; row += RowsAtOnce)
            {
                for (int panel = 0; panel < layout.Panels; panel++)
                {
                    int width = layout.Width(panel);
                    products.CompleteProduct<TLanes>(
                        ref block, offset + layout.Offset(panel) + row * width, ref a[row], Math.Min(RowsAtOnce, layout.Inputs - row), ref delta[layout.FirstUnit(panel)], width);
                }
            }
        }

        private static IEnumerable<float> Rows(float[] a, float[] delta, int units) => delta.Take(units).SelectMany(d => a.Select(value => value * d));

        private static float[] Padded(Random random, PanelLayout layout) => [.. Integers(random, layout.Units), .. new float[layout.PaddedUnits - layout.Units]];

        private static float[] Integers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-9, 10))];
    }
}
