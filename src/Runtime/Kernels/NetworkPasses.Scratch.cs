using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

// Scratch of a pass, a constant length: on the stack, or of what is more, a buffer of the thread's or of the pool.
public static partial class NetworkPasses<TKernels>
{
    // Implementation notes
    //
    // - What a pass needs it takes in three steps: what is rented, null where it fits the stack; the stackalloc; which of the two it is.
    // - The pool takes four locked instructions for a buffer, which also keep a pass from beginning before the last has written all: 30 to 40 ns, a fifth of what
    //   four samples of 32-32-32-32-32 take. So a thread keeps the buffer that it has had, unless that is so long that passes take microseconds.
    // - A pass within a pass (an optimizer of the user's may call its network) finds none kept, and takes another.
    // - A buffer is not given back where an exception passes, which only an optimizer of the user's can throw: the collector takes it then.

    // 256 KiB.
    private const int MostKept = 64 * 1024;

    private static readonly ScratchPool? s_pool = TKernels.PoolLength > 0 ? new ScratchPool(TKernels.PoolLength) : null;

    [ThreadStatic]
    private static AlignedBuffer? t_kept;

    private static bool KeepsBuffer
    {
        [MethodImpl(JitOptions.Inlined)]
        get => TKernels.PoolLength <= MostKept;
    }

    [MethodImpl(JitOptions.Inlined)]
    private static AlignedBuffer? Rent(int length)
    {
        if (length <= StackLimit.Length)
            return null;
        if (!KeepsBuffer || t_kept is not { } kept)
            return s_pool!.Rent();
        t_kept = null;
        return kept;
    }

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
        if (rented is null)
            return;
        if (KeepsBuffer && t_kept is null)
            t_kept = rented;
        else
            s_pool!.Return(rented);
    }
}
