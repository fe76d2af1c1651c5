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

        MovesBothWays(new PackedParameters([layout], last: null), canonical, expected);
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

        MovesBothWays(new PackedParameters([], layout), canonical, expected);
    }

    /// <summary>Layers follow each other in both orders.</summary>
    [Theory, InlineData(3), InlineData(40)]
    public void LayersFollowEachOther(int units)
    {
        PanelLayout first = new(5, units, Bias: true), second = new(units, 20, Bias: false);
        var last = new DotLayout(20, 2, Bias: true, Padded: true);
        float[] canonical = [.. Enumerable.Range(1, first.Count + second.Count + 42).Select(i => (float)i)];
        var expected = new float[first.Length + second.Length + last.Length];
        new PackedParameters([first], last: null).Pack(canonical.AsSpan(0, first.Count), ref expected[0]);
        new PackedParameters([second], last: null).Pack(canonical.AsSpan(first.Count, second.Count), ref expected[first.Length]);
        new PackedParameters([], last).Pack(canonical.AsSpan(first.Count + second.Count), ref expected[first.Length + second.Length]);
        MovesBothWays(new PackedParameters([first, second], last), canonical, expected);
    }

    private static void MovesBothWays(PackedParameters order, float[] canonical, float[] expected)
    {
        float[] packed = [.. Enumerable.Repeat(float.NaN, expected.Length + 1)];
        order.Pack(canonical, ref packed[0]);
        Assert.Equal(expected, packed[..^1]);
        Assert.True(float.IsNaN(packed[^1]));

        var unpacked = new float[canonical.Length];
        order.Unpack(in packed[0], unpacked);
        Assert.Equal(canonical, unpacked);
    }

    [Fact]
    public void NothingIsAllocated()
    {
        foreach (var order in new PackedParameters[] { new([new PanelLayout(20, 70, true)], new DotLayout(70, 10, true, Padded: true)), new([new PanelLayout(2, 3, true)], last: null) })
        {
            float[] canonical = new float[20 * 70 + 70 + 710], packed = new float[10_000];
            order.Pack(canonical, ref packed[0]);
            order.Unpack(in packed[0], canonical);
            long before = GC.GetAllocatedBytesForCurrentThread();
            order.Pack(canonical, ref packed[0]);
            order.Unpack(in packed[0], canonical);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    private static float[] Canonical(PanelLayout layout) =>
        Enumerable.Range(1, layout.Units * layout.Rows).Select(i => (float)i).ToArray();
}
