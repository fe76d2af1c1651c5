using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

/// <summary>
/// The scratch buffers that all instances of one network class share, for the passes whose intermediate values are more than a little stack. As many as there are
/// processors are allocated at once, unless they are very large; another one only when more are out than ever before, up to <see cref="Slots"/>; what is rented beyond
/// that is not kept. No call blocks.
/// </summary>
internal sealed class ScratchPool
{
    /// <summary>The most buffers that the pool keeps: a bit of a mask for each.</summary>
    public const int Slots = 64;

    // 1 MiB: larger ones are allocated as they are needed.
    private const int MaxPreparedLength = 256 * 1024;

    private readonly int _length;
    private readonly AlignedBuffer?[] _buffers = new AlignedBuffer?[Slots];
    private int _count;
    private ulong _free; // the slots whose buffers are in; a buffer never leaves its slot

    /// <summary>A pool with a buffer for each processor, or with one where they are large.</summary>
    /// <param name="length">The floats of each buffer.</param>
    public ScratchPool(int length)
    {
        _length = length;
        _count = length <= MaxPreparedLength ? Math.Min(Environment.ProcessorCount, Slots) : 1;
        for (int i = 0; i < _count; i++)
            _buffers[i] = new AlignedBuffer(length);
        _free = ulong.MaxValue >> (Slots - _count);
    }

    /// <summary>Takes a buffer; what it holds is undefined. Give it back with <see cref="Return"/>.</summary>
    [MethodImpl(JitOptions.Kernel)]
    public AlignedBuffer Rent()
    {
        ulong free = Volatile.Read(ref _free);
        while (free != 0)
        {
            ulong seen = Interlocked.CompareExchange(ref _free, free & (free - 1), free);
            if (seen == free)
                return _buffers[BitOperations.TrailingZeroCount(free)]!;
            free = seen;
        }

        return Add();
    }

    /// <summary>Gives a buffer back.</summary>
    /// <param name="buffer">A buffer of this pool's <see cref="Rent"/>; the caller must not use it any more.</param>
    [MethodImpl(JitOptions.Kernel)]
    public void Return(AlignedBuffer buffer)
    {
        AlignedBuffer?[] buffers = _buffers;
        for (int slot = 0; slot < buffers.Length; slot++)
        {
            if (ReferenceEquals(buffers[slot], buffer))
            {
                Interlocked.Or(ref _free, 1UL << slot);
                return;
            }
        }
    }

    // A slot is there for whoever adds to the count; beyond the last, only a buffer is.
    private AlignedBuffer Add()
    {
        var buffer = new AlignedBuffer(_length);
        int slot = Volatile.Read(ref _count) < Slots ? Interlocked.Increment(ref _count) - 1 : Slots;
        if (slot < Slots)
            _buffers[slot] = buffer;
        return buffer;
    }
}
