using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

/// <summary>How the JIT compiles a method that computes: always optimised from the first call on, since tier 0 runs vector code many times slower.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class JitOptions
{
    /// <summary>Optimised from the first call on.</summary>
    public const MethodImplOptions Optimized = MethodImplOptions.AggressiveOptimization;

    /// <summary>
    /// Also kept apart, so that registers are allocated for it alone: inlined into a caller with all its functions, a kernel would exceed the caller's budget of
    /// locals (measured: in a loop of a method that is replaced on the stack, 4-16-3 took 150 ns in place of 14, the last of its functions left as calls).
    /// </summary>
    public const MethodImplOptions Kernel = Optimized | MethodImplOptions.NoInlining;

    /// <summary>Part of its callers: written once, compiled where it is used.</summary>
    public const MethodImplOptions Inlined = Optimized | MethodImplOptions.AggressiveInlining;
}
