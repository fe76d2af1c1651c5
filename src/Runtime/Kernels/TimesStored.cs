using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>δ of a hidden layer, (Wᵀδ′) ∘ φ′(z), where the forward pass has left φ′(z) in its place.</summary>
public readonly struct TimesStored : ITileResult
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes z, ref readonly float from, int index) where TLanes : struct, ILanes<TLanes> =>
        z * TLanes.Load(in from, index);
}
