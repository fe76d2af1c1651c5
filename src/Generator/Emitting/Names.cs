namespace Backprop.Generator.Emitting;

/// <summary>Names and attributes that every emitted file uses.</summary>
internal static class Names
{
    /// <summary>Compiled optimised from the first call on: tier 0 would run vector code many times slower.</summary>
    public const string Optimized = "[BpMem::MethodImpl(Passes.Optimized)]";

    /// <summary>
    /// A kernel that stays a method of its own, so that its registers are allocated for it alone; and so do the members that users
    /// call: inlined into a caller with kernels and all, they would exceed its budget of locals (measured: in a loop of a method
    /// that is replaced on the stack, 4-16-3 took 150 ns in place of 14, the last of its functions left as calls).
    /// </summary>
    public const string Kernel = "[BpMem::MethodImpl(Passes.Kernel)]";

    /// <summary>A part of a larger method, written once and inlined where it is used.</summary>
    public const string Inlined = "[BpMem::MethodImpl(Passes.Inlined)]";

    /// <summary>The constants that these attributes are written with.</summary>
    public const string Options = """
        // How the JIT compiles a method: optimised from the first call on; also kept apart, so that registers are allocated for it alone;
        // or made part of its callers.
        internal const BpMem::MethodImplOptions Optimized = BpMem::MethodImplOptions.AggressiveOptimization;
        internal const BpMem::MethodImplOptions Kernel = Optimized | BpMem::MethodImplOptions.NoInlining;
        internal const BpMem::MethodImplOptions Inlined = Optimized | BpMem::MethodImplOptions.AggressiveInlining;
        """;

    /// <summary>The constraint of methods that are generic over what becomes of a gradient.</summary>
    public const string SinkConstraint = "where TSink : struct, BpKernels::IGradientSink";

    /// <summary>
    /// What follows the header of each file. The aliases have names that nobody writes, since a type of that name in the
    /// global namespace would clash; the warnings are those that the user's own declarations may cause in emitted code.
    /// </summary>
    public const string Preamble = """
        #nullable enable
        #pragma warning disable CS0612, CS0618 // what is used is obsolete: a base class of the user's, say
        #pragma warning disable CS3001, CS3002, CS3003, CS3009, CS3024 // not CLS-compliant: it is emitted as it is

        using BpKernels = global::Backprop.Kernels;
        using BpMath = global::Backprop.Numerics;
        using BpMem = global::System.Runtime.CompilerServices;
        using BpSimd = global::System.Runtime.Intrinsics;
        """;

    /// <summary>What the loss of a single sample, and its δ, are multiplied by.</summary>
    public static string ScaleOfOne(NetworkSpec spec) => Literal.Of(1f / spec.LossDivisor);

    /// <summary>An activation as the formulas in comments name it.</summary>
    public static string Formula(Activation activation) => activation == Activation.Identity ? "" : activation.ToString().ToLowerInvariant();
}
