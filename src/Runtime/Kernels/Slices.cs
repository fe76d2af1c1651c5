namespace Backprop.Kernels;

/// <summary>How a batch is cut into slices: by the number of its samples alone, so that threads cut it as one does.</summary>
internal readonly struct Slices
{
    private readonly int _samples, _first, _size;

    private Slices(int samples, int first, int size) => (_samples, _first, _size) = (samples, first, size);

    /// <summary>The number of slices.</summary>
    public int Count => 1 + (_samples - _first + _size - 1) / _size;

    /// <summary>Cuts a batch.</summary>
    /// <remarks>
    /// Full slices of a network that then has its samples in the lanes, after those that are left over, which may go one by one. Otherwise as few slices as there
    /// can be, of about the same size, in whole vectors of samples: a slice of the one sample that is left over would read and write the whole gradient for it.
    /// </remarks>
    /// <param name="samples">The samples of the batch.</param>
    /// <param name="most">The most samples in a slice.</param>
    /// <param name="full">Whether slices are full but for the first.</param>
    public static Slices Of(int samples, int most, bool full)
    {
        if (full)
            return new Slices(samples, 1 + (samples - 1) % most, most);
        int slices = 1 + (samples - 1) / most, even = 1 + (samples - 1) / slices;
        int size = Math.Min(most, (even + PanelLayout.Alignment - 1) & -PanelLayout.Alignment);
        return new Slices(samples, Math.Min(size, samples), size);
    }

    /// <summary>The first sample of a slice.</summary>
    /// <param name="slice">The slice, from 0.</param>
    public int Start(int slice) => slice == 0 ? 0 : _first + (slice - 1) * _size;

    /// <summary>The samples of the slice that begins with a sample.</summary>
    /// <param name="start">The slice's first sample.</param>
    public int LengthFrom(int start) => start == 0 ? _first : Math.Min(_size, _samples - start);
}
