using Backprop.Kernels;
using Backprop.Numerics;
using Backprop.Tests.Numerics;

namespace Backprop.Tests.Kernels;

/// <summary>∂C/∂x of a batch, in small integers, so that every order of summation gives the same number.</summary>
public sealed class InputGradientTests
{
    public static TheoryData<int, int> Shapes()
    {
        var shapes = new TheoryData<int, int>();
        foreach (int inputs in (int[])[1, 4, 7, 8, 15, 16, 17, 31, 32, 33, 50])
        {
            foreach (int units in (int[])[1, 5, 16, 80, 128, 130, 300])
                shapes.Add(inputs, units);
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_input_has_the_sum_over_the_units(int inputs, int units) => Widths.ForEach(new Check(inputs, units));

    private readonly record struct Check(int Inputs, int Units) : IWidthCheck
    {
        private const float Guard = 1e9f;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            if (Inputs < TLanes.Count)
                return;
            var layout = new PanelLayout(Inputs, Units, Bias: true);
            var random = new Random(Inputs * 1000 + Units);
            float[] canonical = Integers(random, layout.Count), parameters = new float[layout.Length];
            new PackedParameters([layout], last: null).Pack(canonical, ref parameters[0]);
            foreach (int samples in (int[])[1, 2, 3, 5, 6, 7, 15])
            {
                int stride = layout.PaddedUnits + 16;
                float[] delta = Integers(random, samples * stride), dx = [.. Enumerable.Repeat(Guard, samples * Inputs + 1)];
                InputGradient.Run<TLanes>(layout, ref parameters[0], ref delta[0], stride, ref dx[0], samples);

                var expected = new float[samples * Inputs];
                for (int s = 0; s < samples; s++)
                {
                    for (int u = 0; u < Units; u++)
                    {
                        for (int i = 0; i < Inputs; i++)
                            expected[s * Inputs + i] += delta[s * stride + u] * canonical[u * Inputs + i];
                    }
                }
                Assert.Equal([.. expected, Guard], dx);
            }
        }

        private static float[] Integers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-9, 10))];
    }
}
