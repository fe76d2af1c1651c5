using System.ComponentModel;

namespace Backprop.Kernels;

/// <summary>
/// What the generator writes for a network: its sizes and its kernels, those of the widest vectors that the processor has.
/// <see cref="NetworkPasses{TKernels}"/> is compiled for each network with these constants and calls in place.
/// </summary>
/// <remarks>
/// Scratch memory begins on a cache line, and what it holds is undefined. Losses are sums, still to be divided by the samples, and by
/// <see cref="LossDivisor"/> where a loss is the mean over the outputs.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface INetworkKernels
{
    /// <summary>The specification.</summary>
    static abstract NetworkSpec Specification { get; }

    /// <summary>The inputs of one sample.</summary>
    static abstract int InputSize { get; }

    /// <summary>The outputs of one sample.</summary>
    static abstract int OutputSize { get; }

    /// <summary>The parameters.</summary>
    static abstract int ParameterCount { get; }

    /// <summary>Floats of the parameters in the network's own order, padding included.</summary>
    static abstract int ParameterLength { get; }

    /// <summary>Whether the last layer's parameters lie along its inputs.</summary>
    static abstract bool LastAlongInputs { get; }

    /// <summary>What the sum of a sample's losses is divided by: its outputs where the loss is their mean, or 1.</summary>
    static abstract int LossDivisor { get; }

    /// <summary>The most samples that a batch's kernels take at once.</summary>
    static abstract int SliceSize { get; }

    /// <summary>Whether outputs and losses of a larger batch are those of full slices, after what is left over, not of even ones.</summary>
    static abstract bool ForwardFillsSlices { get; }

    /// <summary>The same for a gradient.</summary>
    static abstract bool GradientFillsSlices { get; }

    /// <summary>Outputs and losses of fewer samples are computed one by one; 2 where they never are.</summary>
    static abstract int OneByOneBelow { get; }

    /// <summary>The same for a gradient.</summary>
    static abstract int GradientOneByOneBelow { get; }

    /// <summary>Whether a gradient of two samples, or a step on them, takes one after the other, in scratch of their own, and forms a·δᵀ of both with the second.</summary>
    static abstract bool GradientPairsOneByOne { get; }

    /// <summary>Floats of scratch that outputs and loss of one sample take; 0 where all stays in registers.</summary>
    static abstract int ForwardOneScratch { get; }

    /// <summary>Floats of scratch that the gradient of one sample takes; 0 where all stays in registers.</summary>
    static abstract int GradientOneScratch { get; }

    /// <summary>Floats of scratch that outputs and losses of a slice take.</summary>
    static abstract int ForwardScratch { get; }

    /// <summary>Floats of scratch that the gradient of a slice takes.</summary>
    static abstract int GradientScratch { get; }

    /// <summary>Floats of the longest scratch of a pass that does not fit the stack, at any width of vectors; 0 where all fits.</summary>
    static abstract int PoolLength { get; }

    /// <summary>Zeroes what lies between the layers of a gradient, which one sample leaves as it is; a sum over samples is handed over with it.</summary>
    /// <param name="gradient">The first float of the gradient, in the order of the parameters.</param>
    static abstract void ClearGaps(ref float gradient);

    /// <summary>One sample: its outputs.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="x">Its first input.</param>
    /// <param name="y">Its first output; overwritten.</param>
    /// <param name="scratch">The first float of the scratch memory.</param>
    static abstract void ForwardOne(ref float parameters, ref float x, ref float y, ref float scratch);

    /// <summary>One sample: its loss.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="x">Its first input.</param>
    /// <param name="t">Its first target.</param>
    /// <param name="scratch">The first float of the scratch memory.</param>
    static abstract float LossOne(ref float parameters, ref float x, ref float t, ref float scratch);

    /// <summary>One sample: its loss and its gradient.</summary>
    /// <typeparam name="TSink">What becomes of the gradient.</typeparam>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="x">Its first input.</param>
    /// <param name="t">Its first target.</param>
    /// <param name="target">The first float of the buffer that the sink writes, in the order of the parameters.</param>
    /// <param name="sink">What becomes of the gradient.</param>
    /// <param name="dx">The first float of the gradient by the inputs; or a null reference, where it is not wanted.</param>
    /// <param name="scratch">The first float of the scratch memory.</param>
    static abstract float GradientOne<TSink>(
        ref float parameters, ref float x, ref float t, ref float target, ref TSink sink, ref float dx, ref float scratch)
        where TSink : struct, IGradientSink;

    /// <summary>A slice: its outputs.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="x">The first input, [samples, inputs].</param>
    /// <param name="y">The first output, [samples, outputs]; overwritten.</param>
    /// <param name="samples">The samples, at most <see cref="SliceSize"/>.</param>
    /// <param name="scratch">The first float of the scratch memory.</param>
    static abstract void ForwardBatch(ref float parameters, ref float x, ref float y, int samples, ref float scratch);

    /// <summary>A slice: the sum of its losses.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="x">The first input, [samples, inputs].</param>
    /// <param name="t">The first target, [samples, outputs].</param>
    /// <param name="samples">The samples, at most <see cref="SliceSize"/>.</param>
    /// <param name="scratch">The first float of the scratch memory.</param>
    static abstract float LossBatch(ref float parameters, ref float x, ref float t, int samples, ref float scratch);

    /// <summary>A slice: the sum of its losses, and the gradient of that times a factor.</summary>
    /// <typeparam name="TSink">What becomes of the gradient.</typeparam>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="x">The first input, [samples, inputs].</param>
    /// <param name="t">The first target, [samples, outputs].</param>
    /// <param name="samples">The samples, at most <see cref="SliceSize"/>.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    /// <param name="target">The first float of the buffer that the sink writes, in the order of the parameters.</param>
    /// <param name="sink">What becomes of the gradient.</param>
    /// <param name="dx">The first float of the gradient by the inputs; or a null reference, where it is not wanted.</param>
    /// <param name="scratch">The first float of the scratch memory.</param>
    static abstract float GradientBatch<TSink>(
        ref float parameters, ref float x, ref float t, int samples, float scale, ref float target, ref TSink sink, ref float dx, ref float scratch)
        where TSink : struct, IGradientSink;
}
