using System.Diagnostics;
using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// What becomes of the last slice of a batch: with the sum of those before, its gradient goes to another sink. That
/// spares writing and reading the whole gradient once more.
/// </summary>
/// <typeparam name="TSink">The other sink.</typeparam>
/// <param name="sink">The other sink.</param>
/// <param name="distance">Bytes from a parameter to its gradient in the sum. Neither moves: both are pinned, or on the stack.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal struct SummedUpdate<TSink>(TSink sink, nint distance) : IGradientSink where TSink : struct, IGradientSink
{
    private readonly nint _distance = distance;
#pragma warning disable IDE0044 // Its methods may change it: readonly, they would work on copies.
    private TSink _sink = sink;
#pragma warning restore IDE0044

    /// <summary>The other sink.</summary>
    public readonly TSink Sink => _sink;

    /// <inheritdoc/>
    public readonly bool TakesProductVectors => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accept<TLanes>(ref float block, int index, TLanes gradient) where TLanes : struct, ILanes<TLanes> =>
        _sink.Accept(ref block, index, TLanes.Load(in Unsafe.AddByteOffset(ref block, _distance), index) + gradient);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(ref float block, int offset, int count) => _sink.Complete(ref block, offset, count);

    /// <inheritdoc/>
    public readonly float Factor => throw NotOfOneSample();

    /// <inheritdoc/>
    public readonly void AcceptScaled<TLanes>(ref float block, int index, TLanes scaledGradient) where TLanes : struct, ILanes<TLanes> => throw NotOfOneSample();

    /// <inheritdoc/>
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta) where TLanes : struct, ILanes<TLanes> => throw NotOfOneSample();

    /// <inheritdoc/>
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta, TLanes weights) where TLanes : struct, ILanes<TLanes> => throw NotOfOneSample();

    /// <inheritdoc/>
    public readonly void CompleteProduct<TLanes>(ref float block, int offset, ref float a, int rows, ref float delta, int width) where TLanes : struct, ILanes<TLanes> => throw NotOfOneSample();

    private static UnreachableException NotOfOneSample() => new("A batch's slice has no products of a single sample.");
}
