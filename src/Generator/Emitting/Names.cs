namespace Backprop.Generator.Emitting;

/// <summary>Names and attributes that every emitted file uses.</summary>
internal static class Names
{
    /// <summary>Compiled optimised from the first call on: tier 0 would run vector code many times slower.</summary>
    public const string Optimized = "[Mem::MethodImpl(Mem::MethodImplOptions.AggressiveOptimization)]";

    /// <summary>A kernel that stays a method of its own, so that its registers are allocated for it alone.</summary>
    public const string Kernel = "[Mem::MethodImpl(Mem::MethodImplOptions.AggressiveOptimization | Mem::MethodImplOptions.NoInlining)]";

    /// <summary>A part of a larger method, written once and inlined where it is used.</summary>
    public const string Inlined = "[Mem::MethodImpl(Mem::MethodImplOptions.AggressiveOptimization | Mem::MethodImplOptions.AggressiveInlining)]";

    /// <summary>The constraint of methods that are generic over what becomes of a gradient.</summary>
    public const string SinkConstraint = "where TSink : struct, Kernels::IGradientSink";

    /// <summary>The aliases at the head of each file.</summary>
    public const string Aliases = """
        using Bp = global::Backprop.Numerics;
        using Intrin = global::System.Runtime.Intrinsics;
        using Kernels = global::Backprop.Kernels;
        using Mem = global::System.Runtime.CompilerServices;
        """;

    /// <summary>An activation as the formulas in comments name it.</summary>
    public static string Formula(Activation activation) => activation == Activation.Identity ? "" : activation.ToString().ToLowerInvariant();
}
