using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>δ of a hidden layer, (Wᵀδ′) ∘ φ′(z), where φ′ is taken from the activations a = φ(z).</summary>
/// <typeparam name="TActivation">φ.</typeparam>
public readonly struct TimesDerivative<TActivation> : ITileResult where TActivation : struct, IOutputActivation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes z, ref readonly float from, int index) where TLanes : struct, ILanes<TLanes> =>
        z * TActivation.DerivativeFromOutput(TLanes.Load(in from, index));
}
