using System.ComponentModel;

namespace Backprop.Kernels;

/// <summary>
/// A network whose gradient can be had slice by slice, by several threads at once, each with memory of its own: what
/// <see cref="TrainingThreads"/> asks of one. Every generated network implements it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IGradientSource
{
    /// <summary>The most samples in a slice of a batch (<see cref="Slices"/> says how many there are).</summary>
    int SliceSize { get; }

    /// <summary>Whether slices are full but for the first, not even.</summary>
    bool FillsSlices { get; }

    /// <summary>The floats of scratch memory that a slice takes.</summary>
    int ScratchLength { get; }

    /// <summary>The parameters, padded, in the network's own order. Gradients have the same length and order.</summary>
    AlignedBuffer Parameters { get; }

    /// <summary>What the sum of all losses is multiplied by: one divided by the samples, and by the outputs where the loss is their mean.</summary>
    /// <param name="samples">The samples of the whole batch.</param>
    float LossScale(int samples);

    /// <summary>Computes the gradient of one slice; the parameters are only read.</summary>
    /// <param name="x">The first float of its inputs, [samples, inputs].</param>
    /// <param name="t">The first float of its targets, [samples, outputs].</param>
    /// <param name="samples">Its samples, at most <see cref="SliceSize"/>.</param>
    /// <param name="scale">What losses are multiplied by.</param>
    /// <param name="gradient">The first float of the gradient; overwritten, but for padding between layers.</param>
    /// <param name="scratch">The first float of the scratch memory.</param>
    /// <returns>The sum of the slice's losses, still to be multiplied by <paramref name="scale"/>.</returns>
    float StoreGradient(ref float x, ref float t, int samples, float scale, ref float gradient, ref float scratch);
}
