using Backprop;
using Backprop.Generator.Planning;

namespace Generator.Tests.Planning;

/// <summary>The methods that a product is written out in.</summary>
public class ProductPartTests
{
    private static readonly int[] s_inputs = [1, 2, 31, 32, 33, 63, 64, 65, 128, 255, 256, 257, 300, 784];

    public static TheoryData<int> Widths => [16, 8, 4];

    /// <summary>Each input of each vector of units is multiplied in one part, and a part's vectors are one run of weights.</summary>
    [Theory, MemberData(nameof(Widths))]
    public void Parts_cover_the_product_once(int lanes) => ForEach(lanes, (layout, parts) =>
    {
        var times = new int[layout.PaddedUnits / Lanes(layout, lanes), layout.Inputs];
        foreach (ProductPart part in parts)
        {
            Assert.Equal(Panel(layout, part.FirstVector * Lanes(layout, lanes)), Panel(layout, (part.FirstVector + part.Vectors) * Lanes(layout, lanes) - 1));
            for (int v = part.FirstVector; v < part.FirstVector + part.Vectors; v++)
            {
                for (int k = part.FirstInput; k < part.FirstInput + part.Inputs; k++)
                    times[v, k]++;
            }
        }
        Assert.All(times.Cast<int>(), count => Assert.Equal(1, count));
    });

    /// <summary>With the accumulators, a broadcast and some weights in at most 16 registers.</summary>
    [Theory, MemberData(nameof(Widths))]
    public void Parts_keep_the_budget(int lanes) => ForEach(lanes, (_, parts) => Assert.All(parts, part =>
    {
        Assert.InRange(part.MultiplyAdds, 1, JitBudget.MultiplyAdds);
        Assert.InRange(part.Vectors * TilePlanner.UnrolledSplits(part.Vectors, part.Inputs), 1, TilePlanner.Chains);
    }));

    /// <summary>A part starts from what the one before it, of the same vectors, has left; the first of them from the bias.</summary>
    [Theory, MemberData(nameof(Widths))]
    public void Parts_of_the_same_vectors_follow_one_another(int lanes) => ForEach(lanes, (layout, parts) =>
    {
        foreach (IGrouping<(int, int), ProductPart> sums in parts.GroupBy(part => (part.FirstVector, part.Vectors)))
        {
            int next = 0;
            foreach (ProductPart part in sums)
            {
                Assert.Equal(next, part.FirstInput);
                next += part.Inputs;
            }
            Assert.Equal(layout.Inputs, next);
        }
    });

    private static int Lanes(PanelLayout layout, int lanes) => Math.Min(lanes, layout.VectorLength);

    private static int Panel(PanelLayout layout, int unit) => Enumerable.Range(0, layout.Panels).Last(panel => layout.FirstUnit(panel) <= unit);

    private static void ForEach(int lanes, Action<PanelLayout, IReadOnlyList<ProductPart>> check)
    {
        foreach (int inputs in s_inputs)
        {
            for (int units = 1; units <= 200; units += units < 20 ? 1 : 7)
            {
                var layout = new PanelLayout(inputs, units, Bias: true);
                check(layout, [.. ProductPart.Of(layout, Lanes(layout, lanes))]);
            }
        }
    }
}
