using Backprop.Kernels;
using Backprop.Numerics;
using Backprop.Tests.Numerics;

namespace Backprop.Tests.Kernels;

/// <summary>δ and gradient of a few samples along the rows of W, in small integers, so that every order of summation gives the same number.</summary>
public sealed class BackwardRowsTests
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
    public void Rows_give_delta_and_take_their_gradient(int inputs, int units)
    {
        Widths.ForEach(new Check(inputs, units, Bias: true));
        Widths.ForEach(new Check(inputs, units, Bias: false));
    }

    private readonly record struct Check(int Inputs, int Units, bool Bias) : IWidthCheck
    {
        private const float Guard = 1e9f;

        // The layer begins after some floats of another.
        private const int Offset = 32;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var layout = new PanelLayout(Inputs, Units, Bias);
            if (layout.VectorLength < TLanes.Count)
                return;
            int nextStride = layout.PaddedUnits + 16, padded = (Inputs + 15) / 16 * 16, stride = padded + 4;
            var random = new Random(Inputs * 1000 + Units);
            float[] canonical = Integers(random, layout.Count);
            var parameters = new float[Offset + layout.Length];
            var order = new PackedParameters([layout], last: null);
            order.Pack(canonical, ref parameters[Offset]);
            for (int samples = 1; samples <= BackwardRows.MaxSamples; samples++)
            {
                float[] next = new float[samples * nextStride], a = Integers(random, samples * stride), from = Integers(random, samples * stride), delta = new float[samples * stride];
                Array.Fill(delta, Guard);
                for (int s = 0; s < samples; s++)
                    Integers(random, Units).CopyTo(next.AsSpan(s * nextStride));

                // Straight into the parameters, as a step does: δ is of those before.
                float[] target = [.. parameters];
                var sink = new SgdUpdate(learningRate: -1f);
                BackwardRows.Run<TLanes, TimesStored, SgdUpdate>(
                    layout, ref target[0], ref target[0], Offset, ref a[0], ref from[0], ref delta[0], stride, padded, ref next[0], nextStride, samples, ref sink);

                var updated = new float[layout.Count];
                order.Unpack(in target[Offset], updated);
                for (int u = 0; u < Units; u++)
                {
                    for (int i = 0; i < Inputs; i++)
                        Assert.Equal(canonical[u * Inputs + i] + Sum(s => a[s * stride + i] * next[s * nextStride + u]), updated[u * Inputs + i]);
                    if (Bias)
                        Assert.Equal(canonical[Units * Inputs + u] + Sum(s => next[s * nextStride + u]), updated[Units * Inputs + u]);
                }
                Assert.Equal(new float[Offset], target[..Offset]);
                for (int s = 0; s < samples; s++)
                {
                    for (int i = 0; i < Inputs; i++)
                    {
                        float sum = 0f;
                        for (int u = 0; u < Units; u++)
                            sum += canonical[u * Inputs + i] * next[s * nextStride + u];
                        Assert.Equal(sum * from[s * stride + i], delta[s * stride + i]);
                    }
                    Assert.All(delta[(s * stride + Inputs)..(s * stride + padded)], padding => Assert.Equal(0f, padding));
                    Assert.All(delta[(s * stride + padded)..((s + 1) * stride)], untouched => Assert.Equal(Guard, untouched));
                }

                float Sum(Func<int, float> term) => Enumerable.Range(0, samples).Sum(term);
            }
        }

        private static float[] Integers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-9, 10))];
    }
}
