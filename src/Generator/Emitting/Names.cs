using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Names and attributes that every emitted file uses.</summary>
internal static class Names
{
    /// <summary>The nested struct that the passes are generic over.</summary>
    public const string WidestKernels = "WidestKernels";

    /// <summary>The nested class of the constants that tiles are generic over.</summary>
    public const string Shapes = "Shapes";

    /// <summary>The members' implementation in the runtime.</summary>
    public const string Passes = $"BpKernels::NetworkPasses<{WidestKernels}>";

    /// <summary>A method that is compiled optimised from the first call on.</summary>
    public const string Optimized = "[BpMem::MethodImpl(BpKernels::JitOptions.Optimized)]";

    /// <summary>One that also stays a method of its own.</summary>
    public const string Kernel = "[BpMem::MethodImpl(BpKernels::JitOptions.Kernel)]";

    /// <summary>A part of a larger method, written once and inlined where it is used.</summary>
    public const string Inlined = "[BpMem::MethodImpl(BpKernels::JitOptions.Inlined)]";

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

    /// <summary>What δ of a single sample's output layer is multiplied by.</summary>
    public static string ScaleOfDelta(NetworkSpec spec) => $"{(spec.LossDivisor == 1 ? "" : $"{Literal.Of(1f / spec.LossDivisor)} * ")}sink.Factor";

    /// <summary>An activation as the formulas in comments name it.</summary>
    public static string Formula(Activation activation) => activation == Activation.Identity ? "" : activation.ToString().ToLowerInvariant();

    /// <summary>The factor φ′ of a layer's δ as the formulas in comments name it, where it is not 1.</summary>
    public static string TimesDerivative(LayerPlan layer) =>
        layer.Activation == Activation.Identity ? ""
        : layer.StoresDerivative ? $" ∘ φ′(z{layer.Number})"
        : $" ∘ {Formula(layer.Activation)}′(a{layer.Number})";
}
