using System.Diagnostics;
using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// What becomes of the second of a <see cref="SamplePair"/> in a training step: the gradient of both goes to another sink, a block at a time. a₁δ₁ᵀ + a₂δ₂ᵀ
/// is formed in registers, of what both have left behind; what comes in vectors is added to what <see cref="FirstOfPair"/> has kept.
/// </summary>
/// <typeparam name="TSink">The other sink.</typeparam>
/// <param name="sink">The other sink.</param>
/// <param name="pair">The samples.</param>
/// <param name="distance">Bytes from a parameter to its gradient in the sum. Neither moves: both are pinned, or on the stack.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal struct PairUpdate<TSink>(TSink sink, SamplePair pair, nint distance) : IGradientSink where TSink : struct, IGradientSink
{
    private readonly SamplePair _pair = pair;
    private readonly nint _distance = distance;
    private TSink _sink = sink;

    /// <summary>The other sink.</summary>
    public readonly TSink Sink => _sink;

    /// <inheritdoc/>
    public void Accept<TLanes>(ref float block, int index, TLanes gradient) where TLanes : struct, ILanes<TLanes> =>
        throw new UnreachableException("A sample of a pair has no gradient of a batch.");

    /// <inheritdoc/>
    public readonly float Factor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SamplePair.Scale * _sink.Factor;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcceptScaled<TLanes>(ref float block, int index, TLanes scaledGradient) where TLanes : struct, ILanes<TLanes> =>
        _sink.AcceptScaled(ref block, index, TLanes.Load(in Unsafe.AddByteOffset(ref block, _distance), index) + scaledGradient);

    /// <inheritdoc/>
    public readonly bool TakesProductVectors => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta) where TLanes : struct, ILanes<TLanes>
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta, TLanes weights) where TLanes : struct, ILanes<TLanes>
    {
    }

    /// <inheritdoc/>
    [MethodImpl(JitOptions.Kernel)]
    public void CompleteProduct<TLanes>(ref float block, int offset, ref float a, int rows, ref float delta, int width) where TLanes : struct, ILanes<TLanes>
    {
        TSink sink = _sink; // in registers: through the reference it would be read again after every store
        ref float a1 = ref Unsafe.Subtract(ref a, _pair.ActivationDistance(offset)), delta1 = ref Unsafe.Subtract(ref delta, _pair.DeltaDistance);
        int most = sink.TakesProductVectors ? rows : GradientBlock.MaxLength / width;
        for (int row = 0, count; row < rows; row += count)
        {
            count = Math.Min(most, rows - row);
            int unit = 0;
            for (; unit <= width - 2 * TLanes.Count; unit += 2 * TLanes.Count)
                AddTwo<TLanes>(ref block, unit, width, ref Unsafe.Add(ref a1, row), ref Unsafe.Add(ref a, row), count, ref delta1, ref delta, ref sink);
            if (unit < width)
                AddOne<TLanes>(ref block, unit, width, ref Unsafe.Add(ref a1, row), ref Unsafe.Add(ref a, row), count, ref delta1, ref delta, ref sink);
            sink.Complete(ref block, offset, count * width);
            block = ref Unsafe.Add(ref block, count * width);
            offset += count * width;
        }

        _sink = sink;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(ref float block, int offset, int count) => _sink.Complete(ref block, offset, count);

    // Rows of two vectors of units, whose δ stay in registers.
    [MethodImpl(JitOptions.Inlined)]
    private static void AddTwo<TLanes>(ref float block, int unit, int width, ref float a1, ref float a2, int rows, ref float delta1, ref float delta2, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes d1 = TLanes.Load(in delta1, unit), d2 = TLanes.Load(in delta2, unit);
        TLanes e1 = TLanes.Load(in delta1, unit + TLanes.Count), e2 = TLanes.Load(in delta2, unit + TLanes.Count);
        for (int row = 0; row < rows; row++, unit += width)
        {
            TLanes first = TLanes.Create(a1), second = TLanes.Create(a2);
            sink.AcceptScaled(ref block, unit, TLanes.MultiplyAdd(second, d2, first * d1));
            sink.AcceptScaled(ref block, unit + TLanes.Count, TLanes.MultiplyAdd(second, e2, first * e1));
            a1 = ref Unsafe.Add(ref a1, 1);
            a2 = ref Unsafe.Add(ref a2, 1);
        }
    }

    [MethodImpl(JitOptions.Inlined)]
    private static void AddOne<TLanes>(ref float block, int unit, int width, ref float a1, ref float a2, int rows, ref float delta1, ref float delta2, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes d1 = TLanes.Load(in delta1, unit), d2 = TLanes.Load(in delta2, unit);
        for (int row = 0; row < rows; row++, unit += width)
            sink.AcceptScaled(ref block, unit, TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref a2, row)), d2, TLanes.Create(Unsafe.Add(ref a1, row)) * d1));
    }
}
