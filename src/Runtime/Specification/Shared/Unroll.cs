namespace Backprop;

/// <summary>How far the products of a network are written out as straight-line code.</summary>
public enum Unroll
{
    /// <summary>The planner decides: products that fit the JIT's budget are written out, larger ones loop over register tiles.</summary>
    Auto,

    /// <summary>Every single-sample product is written out, split over several methods where one would exceed the JIT's budget.</summary>
    Full,

    /// <summary>Every product loops over register tiles: the smallest code.</summary>
    Tiled,
}
