using Backprop;
using Backprop.Generator.Planning;

namespace Generator.Tests.Planning;

/// <summary>The layout of a layer's parameters, at every number of units up to past sixteen panels.</summary>
public class PanelLayoutTests
{
    private static IEnumerable<PanelLayout> Layouts =>
        from units in Enumerable.Range(1, 1100)
        from inputs in new[] { 1, 6 }
        from bias in new[] { true, false }
        select new PanelLayout(inputs, units, bias);

    [Fact]
    public void Panels_hold_each_unit_once_and_follow_one_another()
    {
        foreach (PanelLayout layout in Layouts)
        {
            int unit = 0, offset = 0;
            for (int panel = 0; panel < layout.Panels; panel++)
            {
                Assert.Equal((unit, offset), (layout.FirstUnit(panel), layout.Offset(panel)));
                Assert.InRange(layout.Width(panel), 1, 64);
                Assert.Equal(0, layout.Width(panel) % layout.VectorLength);
                unit += layout.Width(panel);
                offset += layout.Width(panel) * layout.Rows;
            }
            Assert.Equal(layout.PaddedUnits, unit);
            Assert.InRange(layout.Length, offset, offset + PanelLayout.Alignment - 1);
            Assert.Equal(0, layout.Length % PanelLayout.Alignment);
        }
    }

    [Fact]
    public void Padding_is_less_than_a_vector_and_panels_are_even()
    {
        foreach (PanelLayout layout in Layouts)
        {
            Assert.InRange(layout.PaddedUnits - layout.Units, 0, layout.VectorLength - 1);
            Assert.InRange(layout.Width(0) - layout.Width(layout.Panels - 1), 0, layout.VectorLength);
        }
    }

    /// <summary>Loops run over groups of equal panels: they are all panels, in order.</summary>
    [Fact]
    public void Groups_are_the_panels()
    {
        foreach (PanelLayout layout in Layouts)
        {
            var panels = PanelGroup.Of(layout).SelectMany(group => Enumerable.Range(0, group.Count)
                .Select(i => (group.Width, group.FirstUnit + i * group.Width, group.Offset + i * group.Width * layout.Rows)));
            Assert.Equal(Enumerable.Range(0, layout.Panels).Select(p => (layout.Width(p), layout.FirstUnit(p), layout.Offset(p))), panels);
        }
    }
}
