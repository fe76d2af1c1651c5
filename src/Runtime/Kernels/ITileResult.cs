using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// What a register tile of emitted code stores for its sums z. The tiles are generic over it, so that it is computed before the
/// sums leave the registers.
/// </summary>
public interface ITileResult
{
    /// <summary>The result for one vector of sums.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="z">The sums.</param>
    /// <param name="from">What else the result depends on, if anything, lies where the result does, in a buffer of the same shape.</param>
    /// <param name="index">The vector's place there.</param>
    static abstract TLanes Of<TLanes>(TLanes z, ref readonly float from, int index) where TLanes : struct, ILanes<TLanes>;
}
