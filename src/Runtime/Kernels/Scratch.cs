using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backprop.Kernels;

/// <summary>Aligns scratch memory on the stack.</summary>
internal static class Scratch
{
    private const int AlignmentInBytes = 64;

    /// <summary>The first float of a cache line within a buffer, so that no vector straddles two lines.</summary>
    /// <param name="stack">A buffer on the stack, 16 floats longer than what is needed of it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ref float Align(Span<float> stack)
    {
        ref float first = ref MemoryMarshal.GetReference(stack);
        nint address = (nint)Unsafe.AsPointer(ref first);
        return ref Unsafe.AddByteOffset(ref first, -address & (AlignmentInBytes - 1));
    }
}
