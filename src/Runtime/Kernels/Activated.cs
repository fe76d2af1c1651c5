using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>The activations of a layer, a = φ(z).</summary>
/// <typeparam name="TActivation">φ.</typeparam>
public readonly struct Activated<TActivation> : ITileResult where TActivation : struct, IActivation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes z, ref readonly float from, int index) where TLanes : struct, ILanes<TLanes> =>
        TActivation.Value(z);
}
