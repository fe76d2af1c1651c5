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
}
