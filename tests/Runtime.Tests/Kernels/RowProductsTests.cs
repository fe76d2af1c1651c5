using Backprop.Kernels;
using Backprop.Numerics;
using Backprop.Tests.Numerics;

namespace Backprop.Tests.Kernels;

/// <summary>δ of a few samples along the rows of W, in small integers, so that every order of summation gives the same number.</summary>
public sealed class RowProductsTests
{
    public static TheoryData<int, int> Shapes()
    {
        var shapes = new TheoryData<int, int>();
        foreach (int inputs in (int[])[1, 3, 4, 17])
        {
            foreach (int units in (int[])[1, 5, 16, 33, 80, 130])
                shapes.Add(inputs, units);
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sums_go_along_every_row(int inputs, int units) => Widths.ForEach(new Check(inputs, units));

    private readonly record struct Check(int Inputs, int Units) : IWidthCheck
    {
        private const float Guard = 1e9f;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var layout = new PanelLayout(Inputs, Units, Bias: true);
            if (layout.VectorLength < TLanes.Count)
                return;
            int nextStride = layout.PaddedUnits + 16, padded = (Inputs + 3) / 4 * 4, stride = padded + 4;
            var random = new Random(Inputs * 1000 + Units);
            float[] weights = Integers(random, Units * Inputs), canonical = [.. weights, .. Integers(random, Units)];
            var packed = new float[layout.Length];
            PackedParameters.Pack(layout, canonical, ref packed[0]);
            for (int samples = 1; samples <= RowProducts.MaxSamples; samples++)
            {
                float[] next = new float[samples * nextStride], from = Integers(random, samples * stride), delta = new float[samples * stride];
                Array.Fill(delta, Guard);
                for (int s = 0; s < samples; s++)
                    Integers(random, Units).CopyTo(next.AsSpan(s * nextStride));

                RowProducts.Propagate<TLanes, TimesStored>(layout, ref packed[0], ref next[0], nextStride, ref from[0], ref delta[0], stride, samples);

                for (int s = 0; s < samples; s++)
                {
                    for (int i = 0; i < Inputs; i++)
                    {
                        float sum = 0f;
                        for (int u = 0; u < Units; u++)
                            sum += weights[u * Inputs + i] * next[s * nextStride + u];
                        Assert.Equal(sum * from[s * stride + i], delta[s * stride + i]);
                    }
                    Assert.All(delta[(s * stride + padded)..((s + 1) * stride)], untouched => Assert.Equal(Guard, untouched));
                }
            }
        }

        private static float[] Integers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-9, 10))];
    }
}
