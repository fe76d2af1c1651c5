namespace Backprop;

/// <summary>How far the products of a network are written out as straight-line code.</summary>
public enum Unroll
{
    /// <summary>The planner decides: small single-sample products are written out, larger ones loop over register tiles.</summary>
    Auto,

    /// <summary>Single-sample products are written out as far as the JIT's budget reaches; beyond, they loop over register tiles.</summary>
    Full,

    /// <summary>Every product loops over register tiles: the smallest code.</summary>
    Tiled,
}
