using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

/// <summary>
/// The scratch buffers that all instances of one network class share, for the passes whose intermediate values are more than a little stack. As many as there are
/// processors are allocated at once, unless they are very large; another one only when more are out than ever before, up to <see cref="Slots"/>; what is rented beyond
/// that is not kept. No call blocks.
/// </summary>
internal sealed class ScratchPool
{
    /// <summary>The most buffers that the pool keeps.</summary>
    public const int Slots = 64;

    // 1 MiB: larger ones are allocated as they are needed.
    private const int MaxPreparedLength = 256 * 1024;

    private readonly int _length;
    private readonly AlignedBuffer?[] _buffers = new AlignedBuffer?[Slots];
    private int _free;

    /// <summary>A pool with a buffer for each processor, or with one where they are large.</summary>
    /// <param name="length">The floats of each buffer.</param>
    public ScratchPool(int length)
    {
        _length = length;
        _free = length <= MaxPreparedLength ? Math.Min(Environment.ProcessorCount, Slots) : 1;
        for (int i = 0; i < _free; i++)
            _buffers[i] = new AlignedBuffer(length);
    }

    /// <summary>Takes a buffer; what it holds is undefined. Give it back with <see cref="Return"/>.</summary>
    [MethodImpl(JitOptions.Kernel)]
    public AlignedBuffer Rent()
    {
        // Whoever lowers the count owns one of the buffers in the slots, though not yet a certain one: others may take the
        // one it looks at, but then another has come, or will come, into another slot for it.
        int free = Volatile.Read(ref _free);
        while (free > 0)
        {
            int seen = Interlocked.CompareExchange(ref _free, free - 1, free);
            if (seen == free)
                return TakeOwned();
            free = seen;
        }

        return new AlignedBuffer(_length);
    }

    /// <summary>Gives a buffer back.</summary>
    /// <param name="buffer">A buffer of this pool's <see cref="Rent"/>; the caller must not use it any more.</param>
    [MethodImpl(JitOptions.Kernel)]
    public void Return(AlignedBuffer buffer)
    {
        foreach (ref AlignedBuffer? slot in _buffers.AsSpan())
        {
            if (Volatile.Read(ref slot) is null && Interlocked.CompareExchange(ref slot, buffer, null) is null)
            {
                Interlocked.Increment(ref _free);
                return;
            }
        }
    }

    [MethodImpl(JitOptions.Inlined)]
    private AlignedBuffer TakeOwned()
    {
        while (true)
        {
            foreach (ref AlignedBuffer? slot in _buffers.AsSpan())
            {
                if (Volatile.Read(ref slot) is not null && Interlocked.Exchange(ref slot, null) is { } buffer)
                    return buffer;
            }
        }
    }
}
