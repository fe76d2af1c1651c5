using System.ComponentModel;
using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// The parameters of a network, as a field of it: with their address, so that the first is one load away from the network. A processor sends off the oldest loads first, so
/// what tells where the weights are waits behind those of the call before, and all weights wait for it (measured, Zen 5: 13-64-1 takes 11.1 ns with four loads that wait
/// for each other, 10.3 with two and 9.9 with this one).
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ParameterBuffer
{
    private readonly nint _first;

    /// <summary>Allocates the parameters, all 0.</summary>
    /// <param name="length">The number of floats.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public unsafe ParameterBuffer(int length)
    {
        Processor.Identify();
        Buffer = new AlignedBuffer(length);
        _first = (nint)Unsafe.AsPointer(ref Buffer.Reference);
    }

    /// <summary>The buffer that they are in.</summary>
    public AlignedBuffer Buffer { get; }

    /// <summary>The first parameter. The reference keeps the buffer from being collected, as any into an array does.</summary>
    public unsafe ref float Reference
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.AsRef<float>((void*)_first);
    }
}
