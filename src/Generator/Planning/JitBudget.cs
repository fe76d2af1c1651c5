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
    /// The same for a product of few inputs, in which a loop has few rounds beside what it takes to begin and to end (measured, Zen 5: 8-256-1 29 ns in place of
    /// 32, 6-256-6 35 in place of 43; with 16 inputs 16-100-10 gains 8 %, but loses 4 % where each call waits for the last).
    /// </summary>
    public const int MultiplyAddsOfShortProduct = 2 * MultiplyAddsOfProduct;

    /// <summary>The most inputs of such a product.</summary>
    public const int InputsOfShortProduct = 8;

    /// <summary>
    /// The same where all that follows stays in variables: of a network's only product, and of the last but one where the last takes its inputs so (measured: 16-100
    /// 18 ns in place of 24, 20-96-1 20.7 in place of 26.7; behind another layer 16-32-48 loses 5 % where each call waits for the last).
    /// </summary>
    public const int InputsOfShortProductInVariables = 32;

    /// <summary>
    /// The most multiply-adds of one product that are written out over several methods: 64 full ones, about 2 MB of source,
    /// for which the first call waits a tenth of a second (measured: 88 ms for 12,544).
    /// </summary>
    public const int MultiplyAddsOfParts = 64 * MultiplyAdds;

    /// <summary>The most layers that one method passes back through for a single sample, and there and back for a block with its samples in the lanes.</summary>
    public const int InlinedLayers = 2;

    /// <summary>
    /// The most functions that are inlined into one method. Measured over some hundred random networks: from 700 on values of a step
    /// live in memory, from 800 on functions stay calls, and a step of 10-20-5 at 256 bits took 194 to 315 ns in place of 106.
    /// </summary>
    public const int InlinedFunctions = 700;

    /// <summary>The most local variables of a method that is inlined (<c>MAX_INL_LCLS</c>); one of 33 is a call.</summary>
    public const int InlinedLocals = 32;

    /// <summary>The most vectors that one method applies a costly activation to, each counted once or twice: four of tanh are 250 functions.</summary>
    public const int CostlyActivations = 4;

    /// <summary>
    /// The most vectors of outputs that stay in registers, counted likewise: with three exponentials and the logarithm, a step of 64-32-10 at 128 bits
    /// exceeded the budget and took 750 ns in place of 550.
    /// </summary>
    public const int CostlyOutputs = 2;

    /// <summary>
    /// The same where φ is a compare or nothing and their product is written out before them (measured, Zen 5: 10-100 17.7 → 14.2 ns, a step
    /// 50 → 40.6; a step of 16-64 42.5 → 34.6).
    /// </summary>
    public const int PlainOutputs = 8;
}
