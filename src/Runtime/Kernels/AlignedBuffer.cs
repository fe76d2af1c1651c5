using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backprop.Kernels;

/// <summary>
/// Zeroed floats that begin on a cache line and never move: no vector straddles two lines, and addresses stay what they were.
/// </summary>
public sealed class AlignedBuffer
{
    private const int AlignmentInBytes = 64;

    private readonly float[] _array;
    private readonly int _start;
    private readonly nint _address;

    /// <summary>Allocates a buffer.</summary>
    /// <param name="length">The number of floats.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        const int slack = AlignmentInBytes / sizeof(float);
        _array = GC.AllocateArray<float>(checked(length + slack), pinned: true);
        var misalignment = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0) % AlignmentInBytes);
        _start = (AlignmentInBytes - misalignment) % AlignmentInBytes / sizeof(float);
        _address = Marshal.UnsafeAddrOfPinnedArrayElement(_array, _start);
        Length = length;
    }

    /// <summary>Several buffers of the same length.</summary>
    /// <param name="count">The number of buffers.</param>
    /// <param name="length">The number of floats of each.</param>
    internal static AlignedBuffer[] Allocate(int count, int length)
    {
        var buffers = new AlignedBuffer[count];
        foreach (ref AlignedBuffer buffer in buffers.AsSpan())
            buffer = new AlignedBuffer(length);
        return buffers;
    }

    /// <summary>The number of floats.</summary>
    public int Length { get; }

    /// <summary>The first float. The reference keeps the memory from being collected, as any into an array does.</summary>
    public unsafe ref float Reference
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.AsRef<float>((void*)_address);
    }

    /// <summary>All of its floats.</summary>
    public Span<float> Span => _array.AsSpan(_start, Length);
}
