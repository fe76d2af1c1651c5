namespace Backprop.Generator.Planning;

/// <summary>Panels of equal width that are read one after the other, of a layer that lies along its inputs.</summary>
/// <param name="Panels">Their number.</param>
/// <param name="Width">The inputs of each that whole vectors read: all but those of the tail.</param>
/// <param name="RowWidth">Floats from a unit's row of weights to the next unit's.</param>
/// <param name="Offset">Where the weights of the first begin, in floats from the layer's start.</param>
/// <param name="FirstInput">The first input of the first.</param>
/// <param name="HasTail">Whether it is the last panel, and ends with the tail.</param>
internal sealed record DotRun(int Panels, int Width, int RowWidth, int Offset, int FirstInput, bool HasTail)
{
    /// <summary>All of a layer.</summary>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="mostOfRow">The most of the only unit's weights, which lie without a gap, that counts as one panel; whole vectors.</param>
    public static IEnumerable<DotRun> Of(DotLayout layout, int mostOfRow)
    {
        foreach ((int panels, int width, int offset, int firstInput) in layout.Units == 1 ? OfRow(layout, mostOfRow) : OfPanels(layout))
        {
            bool last = layout.Tail > 0 && firstInput + panels * width >= layout.Inputs;
            if (panels > 1 || !last)
                yield return new DotRun(last ? panels - 1 : panels, width, width, offset, firstInput, HasTail: false);
            if (last)
            {
                int before = (panels - 1) * width;
                yield return new DotRun(1, width - PanelLayout.Alignment, width, offset + before * layout.Units, firstInput + before, HasTail: true);
            }
        }
    }

    /// <summary>Its panels, each alone.</summary>
    /// <param name="units">The layer's units.</param>
    public IEnumerable<DotRun> Apart(int units) =>
        Enumerable.Range(0, Panels).Select(panel => this with { Panels = 1, Offset = Offset + panel * units * RowWidth, FirstInput = FirstInput + panel * Width });

    private static IEnumerable<(int Panels, int Width, int Offset, int FirstInput)> OfPanels(DotLayout layout) =>
        PanelGroup.Of(layout.Weights).Select(group => (group.Count, group.Width, group.Offset, group.FirstUnit));

    private static IEnumerable<(int Panels, int Width, int Offset, int FirstInput)> OfRow(DotLayout layout, int most)
    {
        int length = layout.Weights.PaddedUnits, whole = length / most;
        if (whole > 0)
            yield return (whole, most, 0, 0);
        if (length > whole * most)
            yield return (1, length - whole * most, whole * most, whole * most);
    }
}
