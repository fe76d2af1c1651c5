namespace Backprop;

/// <summary>How far the products of a network are written out as straight-line code.</summary>
public enum Unroll
{
    /// <summary>The planner decides: small single-sample products are written out, larger ones loop over register tiles.</summary>
    Auto,

    /// <summary>
    /// Every forward product of a single sample is written out completely, over several methods where one would exceed what
    /// the JIT optimises. A product of more than 16,384 multiply-adds of vectors loops over register tiles all the same, as
    /// do all on processors without vectors: its source would have megabytes, and the first call would wait for the JIT ever longer.
    /// </summary>
    Full,

    /// <summary>Every product loops over register tiles: the smallest code.</summary>
    Tiled,
}
