namespace Backprop.Generator.Planning;

/// <summary>
/// The limits beyond which RyuJIT silently stops optimising a method, with a margin. Over 1,024 tracked locals, its own
/// temporaries included, values live in memory; over about 900 (512 before .NET 10) nothing more is inlined
/// (<c>JitMaxLocalsToTrack</c>, <c>MAX_LV_NUM_COUNT_FOR_INLINING</c> in dotnet/runtime's src/coreclr/jit).
/// </summary>
internal static class JitBudget
{
    /// <summary>The most multiply-adds that one method writes out.</summary>
    public const int MultiplyAdds = 256;

    /// <summary>
    /// The most multiply-adds of one product that are written out where nothing else is asked: beyond, a loop over a
    /// register tile is as fast (measured: 64×32 takes 31 ns written out, 32 ns in a loop) and much shorter.
    /// </summary>
    public const int MultiplyAddsOfProduct = 64;

    /// <summary>
    /// The most multiply-adds of one product that are written out over several methods: 64 full ones, about 2 MB of source,
    /// for which the first call waits a tenth of a second (measured: 88 ms for 12,544).
    /// </summary>
    public const int MultiplyAddsOfParts = 64 * MultiplyAdds;

    /// <summary>The most layers whose backward passes for a single sample are inlined into one method.</summary>
    public const int InlinedLayers = 2;

    /// <summary>
    /// The most vectors that one method applies a costly activation to, each counted once or twice by <c>NetworkPlanner.Cost</c>: it
    /// inlines up to 250 locals (measured: of four vectors of tanh the last one's operations stayed calls, and the method took a microsecond).
    /// </summary>
    public const int CostlyActivations = 3;

    /// <summary>
    /// The most of those vectors in a single sample's forward pass that is inlined into what follows it: with three, 4-16-3's step at
    /// 256 bits exceeded the budget and took 600 ns in place of 80.
    /// </summary>
    public const int CostlyInlined = 2;

    /// <summary>
    /// The most that a vector of outputs may count where a single sample's training step is inlined into one method: with φ′ of GELU or softplus
    /// there, 16-32-12's step exceeded the budget at 512 bits.
    /// </summary>
    public const int CostlyInlinedStep = 1;

    /// <summary>
    /// The most vectors of outputs that stay in registers, counted likewise: with three exponentials and the logarithm, a step of 64-32-10 at 128 bits
    /// exceeded the budget and took 750 ns in place of 550.
    /// </summary>
    public const int CostlyOutputs = 2;
}
