namespace Backprop.Kernels;

/// <summary>How a batch is cut into slices: by the number of its samples alone, so that threads cut it as one does.</summary>
internal static class Slices
{
    /// <summary>The samples of each slice but the last, which may have fewer.</summary>
    /// <remarks>
    /// As few slices as there can be, of about the same size: a slice of the one sample that is left over would read and write the
    /// whole gradient for it. Sizes are whole vectors of samples, for the networks that have them in their lanes.
    /// </remarks>
    /// <param name="samples">The samples of the batch.</param>
    /// <param name="most">The most samples in a slice.</param>
    public static int SizeFor(int samples, int most)
    {
        int slices = 1 + (samples - 1) / most, even = 1 + (samples - 1) / slices;
        return Math.Min(most, (even + PanelLayout.Alignment - 1) & -PanelLayout.Alignment);
    }
}
