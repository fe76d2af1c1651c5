using System.Diagnostics;
using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// What becomes of the last slice of a batch, or of its last sample: with the sum of those before, its gradient goes to another sink. That
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
    public readonly bool TakesProductVectors => _sink.TakesProductVectors;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accept<TLanes>(ref float block, int index, TLanes gradient) where TLanes : struct, ILanes<TLanes> =>
        _sink.Accept(ref block, index, TLanes.Load(in Unsafe.AddByteOffset(ref block, _distance), index) + gradient);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(ref float block, int offset, int count) => _sink.Complete(ref block, offset, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Scale<TLanes>(TLanes delta) where TLanes : struct, ILanes<TLanes> => _sink.Scale(delta);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes scaledDelta) where TLanes : struct, ILanes<TLanes> =>
        AcceptProduct(ref block, index, a, scaledDelta, TLanes.Load(in block, index));

    // The whole gradient is summed before a parameter is: one rounding of the parameter.
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes scaledDelta, TLanes weights) where TLanes : struct, ILanes<TLanes>
    {
        TLanes sum = _sink.Scale(TLanes.Load(in Unsafe.AddByteOffset(ref block, _distance), index));
        _sink.AcceptProduct(ref block, index, TLanes.Create(1f), TLanes.MultiplyAdd(a, scaledDelta, sum), weights);
    }

    /// <inheritdoc/>
    public readonly void CompleteProduct<TLanes>(ref float block, int offset, ref float a, int rows, ref float delta, int width) where TLanes : struct, ILanes<TLanes>
    {
        if (!TakesProductVectors) throw new UnreachableException("Only a batch's last slice goes to a sink that takes blocks.");
    }
}
