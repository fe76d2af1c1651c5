using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// Where the weight-gradient products of emitted code put their results: into a gradient buffer, or straight into the
/// parameters. The products are generic over it, so that the JIT compiles each fused with what becomes of its result.
/// </summary>
public interface IGradientSink
{
    /// <summary>Takes one vector of the gradient.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="block">The first float of the block in the buffer that is written.</param>
    /// <param name="index">The vector's place, in floats from the block's start; below <see cref="GradientBlock.MaxLength"/>.</param>
    /// <param name="gradient">The gradient of these parameters.</param>
    void Accept<TLanes>(ref float block, int index, TLanes gradient) where TLanes : struct, ILanes<TLanes>;

    /// <summary>
    /// What δ of a single sample's output layer is multiplied by, once, before it goes back through the layers: a sink that multiplies every gradient by the same
    /// number needs not multiply each. All that it is then given of that sample, by the members below, is scaled so; a gradient of <see cref="Accept"/> is not.
    /// </summary>
    float Factor { get; }

    /// <summary>Takes one vector of the gradient of a single sample, times <see cref="Factor"/>.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="block">As for <see cref="Accept"/>.</param>
    /// <param name="index">As for <see cref="Accept"/>.</param>
    /// <param name="scaledGradient">The gradient of these parameters, scaled.</param>
    void AcceptScaled<TLanes>(ref float block, int index, TLanes scaledGradient) where TLanes : struct, ILanes<TLanes>;

    /// <summary>
    /// Whether the gradient a·δᵀ of a single sample is taken a vector at a time, by <see cref="AcceptProduct{TLanes}(ref float, int, TLanes, TLanes)"/>, or else a block at
    /// a time, by <see cref="CompleteProduct"/>; the other one does nothing. A constant, so that the JIT leaves one way only.
    /// </summary>
    bool TakesProductVectors { get; }

    /// <summary>Takes one vector of the gradient a·δᵀ of a single sample, if <see cref="TakesProductVectors"/>.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="block">As for <see cref="Accept"/>.</param>
    /// <param name="index">As for <see cref="Accept"/>.</param>
    /// <param name="a">The activation of one input, in every lane.</param>
    /// <param name="delta">δ of some units.</param>
    void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta) where TLanes : struct, ILanes<TLanes>;

    /// <summary>The same where the caller has read the weights for δ below: a sink that changes them needs not read them again.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="block">As for <see cref="Accept"/>.</param>
    /// <param name="index">As for <see cref="Accept"/>.</param>
    /// <param name="a">The activation of one input, in every lane.</param>
    /// <param name="delta">δ of some units.</param>
    /// <param name="weights">The weights whose gradient it is, before the step.</param>
    void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta, TLanes weights) where TLanes : struct, ILanes<TLanes>;

    /// <summary>Ends a block of rows of a·δᵀ, all of which have been offered to <see cref="AcceptProduct{TLanes}(ref float, int, TLanes, TLanes)"/>.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="block">The first float of the block in the buffer that is written.</param>
    /// <param name="offset">The block's place in the network's parameter buffer.</param>
    /// <param name="a">The activation of the first row's input; those of the next follow, up to the last of the panel.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="delta">δ of the first unit.</param>
    /// <param name="width">The floats of a row: whole vectors.</param>
    void CompleteProduct<TLanes>(ref float block, int offset, ref float a, int rows, ref float delta, int width) where TLanes : struct, ILanes<TLanes>;

    /// <summary>Ends a block: all its vectors have been taken, each once.</summary>
    /// <param name="block">The first float of the block in the buffer that is written.</param>
    /// <param name="offset">The block's place in the network's parameter buffer.</param>
    /// <param name="count">The floats of the block, at most <see cref="GradientBlock.MaxLength"/>.</param>
    void Complete(ref float block, int offset, int count);
}
