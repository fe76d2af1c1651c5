using Backprop;
using Backprop.Kernels;

namespace Runtime.Tests.Kernels;

/// <summary>Packing against the layout's definition, and back, at sizes around every edge of panels and vectors.</summary>
public class PackedParametersTests
{
    public static IEnumerable<object[]> Layouts() =>
        from units in new[] { 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 79, 80, 81, 127, 129, 200, 257 }
        from inputs in new[] { 1, 2, 16, 33 }
        from bias in new[] { false, true }
        select new object[] { inputs, units, bias };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void EveryParameterHasItsPlaceAndTheRestIsZero(int inputs, int units, bool bias)
    {
        var layout = new PanelLayout(inputs, units, bias);
        float[] canonical = Canonical(layout);
        var expected = new float[layout.Length];
        for (int panel = 0; panel < layout.Panels; panel++)
        {
            for (int row = 0; row < layout.Rows; row++)
            {
                for (int lane = 0; lane < layout.Width(panel); lane++)
                {
                    int unit = layout.FirstUnit(panel) + lane;
                    if (unit < units)
                        expected[layout.Offset(panel) + row * layout.Width(panel) + lane] =
                            canonical[row < inputs ? unit * inputs + row : units * inputs + unit];
                }
            }
        }

        float[] packed = Enumerable.Repeat(float.NaN, layout.Length + 1).ToArray();
        PackedParameters.Pack(layout, canonical, ref packed[0]);
        Assert.Equal(expected, packed[..^1]);
        Assert.True(float.IsNaN(packed[^1]));

        var unpacked = new float[canonical.Length];
        PackedParameters.Unpack(layout, in packed[0], unpacked);
        Assert.Equal(canonical, unpacked);
    }

    public static IEnumerable<object[]> DotLayouts() =>
        from units in new[] { 1, 2, 3, 4, 5, 9, 12 }
        from inputs in new[] { 64, 65, 79, 80, 100, 127, 129, 257 }
        from bias in new[] { false, true }
        from padded in new[] { false, true }
        select new object[] { inputs, units, bias, padded };

    /// <summary>Along the inputs a unit's weights are in the order of its panels' rows, but for those of a caller's tail, which end the last row.</summary>
    [Theory]
    [MemberData(nameof(DotLayouts))]
    public void AlongTheInputsEveryParameterHasItsPlaceAndTheRestIsZero(int inputs, int units, bool bias, bool padded)
    {
        var layout = new DotLayout(inputs, units, bias, padded);
        float[] canonical = [.. Enumerable.Range(1, units * (inputs + (bias ? 1 : 0))).Select(i => (float)i)];
        var expected = new float[layout.Length];
        for (int unit = 0; unit < units; unit++)
        {
            int panel = 0;
            for (int input = 0; input < inputs; input++)
            {
                int place = padded || input < inputs / 16 * 16 ? input : input + (inputs + 15) / 16 * 16 - inputs;
                while (place >= layout.Weights.FirstUnit(panel) + layout.Weights.Width(panel))
                    panel++;
                expected[layout.Weights.Offset(panel) + unit * layout.Weights.Width(panel) + place - layout.Weights.FirstUnit(panel)] = canonical[unit * inputs + input];
            }
            if (bias)
                expected[layout.BiasOffset + unit] = canonical[units * inputs + unit];
        }

        float[] packed = Enumerable.Repeat(float.NaN, layout.Length + 1).ToArray();
        PackedParameters.Pack(layout, canonical, ref packed[0]);
        Assert.Equal(expected, packed[..^1]);
        Assert.True(float.IsNaN(packed[^1]));

        var unpacked = new float[canonical.Length];
        PackedParameters.Unpack(layout, in packed[0], unpacked);
        Assert.Equal(canonical, unpacked);
    }

    [Fact]
    public void NothingIsAllocated()
    {
        var layout = new PanelLayout(20, 70, true);
        float[] canonical = Canonical(layout), packed = new float[layout.Length];
        PackedParameters.Pack(layout, canonical, ref packed[0]);
        PackedParameters.Unpack(layout, in packed[0], canonical);
        var dots = new DotLayout(100, 10, true);
        float[] weights = new float[10 * 101], alongInputs = new float[dots.Length];
        PackedParameters.Pack(dots, weights, ref alongInputs[0]);
        PackedParameters.Unpack(dots, in alongInputs[0], weights);
        long before = GC.GetAllocatedBytesForCurrentThread();
        PackedParameters.Pack(layout, canonical, ref packed[0]);
        PackedParameters.Unpack(layout, in packed[0], canonical);
        PackedParameters.Pack(dots, weights, ref alongInputs[0]);
        PackedParameters.Unpack(dots, in alongInputs[0], weights);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static float[] Canonical(PanelLayout layout) =>
        Enumerable.Range(1, layout.Units * layout.Rows).Select(i => (float)i).ToArray();
}
