namespace Backprop.Generator.Planning;

/// <summary>Neighbouring panels of one width, which one loop runs over.</summary>
/// <param name="Width">Floats in a panel.</param>
/// <param name="Count">The number of panels.</param>
/// <param name="FirstUnit">The first unit of the first panel.</param>
/// <param name="Offset">Where the first panel begins, in floats from the layer's start.</param>
internal sealed record PanelGroup(int Width, int Count, int FirstUnit, int Offset)
{
    /// <summary>The panels of a layout as one group, or two where the first panels are a vector wider.</summary>
    public static IEnumerable<PanelGroup> Of(PanelLayout layout)
    {
        if (layout.WiderPanels > 0)
            yield return new PanelGroup(layout.Width(0), layout.WiderPanels, 0, 0);
        int first = layout.WiderPanels;
        yield return new PanelGroup(layout.Width(first), layout.Panels - first, layout.FirstUnit(first), layout.Offset(first));
    }

    /// <summary>The same with the last panel by itself where less than all of it is real.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="real">The real units.</param>
    public static IEnumerable<PanelGroup> Of(PanelLayout layout, int real)
    {
        foreach (PanelGroup group in Of(layout))
        {
            int before = group.Count - 1;
            bool splits = before > 0 && group.FirstUnit + group.Count * group.Width > real;
            yield return splits ? group with { Count = before } : group;
            if (splits)
                yield return new PanelGroup(group.Width, 1, group.FirstUnit + before * group.Width, group.Offset + before * layout.Rows * group.Width);
        }
    }
}
