using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

// Scratch of a pass, a constant length: on the stack, or of what is more, a buffer of the pool.
public static partial class NetworkPasses<TKernels>
{
    // Implementation notes
    //
    // - What a pass needs it takes in three steps: what is rented, null where it fits the stack; the stackalloc; which of the two it is.
    // - A buffer is not given back where an exception passes, which only an optimizer of the user's can throw: the collector takes it then, and the pool allocates another.

    private static readonly ScratchPool? s_pool = TKernels.PoolLength > 0 ? new ScratchPool(TKernels.PoolLength) : null;

    [MethodImpl(JitOptions.Inlined)]
    private static AlignedBuffer? Rent(int length) => length > StackLimit.Length ? s_pool!.Rent() : null;

    [MethodImpl(JitOptions.Inlined)]
    private static int OnStack(int length) => length > StackLimit.Length ? 0 : length + PanelLayout.Alignment;

    [MethodImpl(JitOptions.Inlined)]
    private static ref float Scratch(AlignedBuffer? rented, Span<float> stack)
    {
        if (rented is not null)
            return ref rented.Reference;
        return ref Kernels.Scratch.Align(stack);
    }

    [MethodImpl(JitOptions.Inlined)]
    private static void Return(AlignedBuffer? rented)
    {
        if (rented is not null)
            s_pool!.Return(rented);
    }
}
