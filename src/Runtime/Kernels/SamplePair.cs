using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

/// <summary>
/// Two samples that go through a network one after the other, each in scratch of its own: where activations and δ of the second lie, those of the
/// first lie at fixed distances before.
/// </summary>
/// <param name="inputs">Floats from the first sample's inputs to the second's.</param>
/// <param name="scratch">Floats from the first sample's scratch to the second's.</param>
/// <param name="firstLayer">The parameters of the first layer, whose activations below are the inputs.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct SamplePair(int inputs, int scratch, int firstLayer)
{
    /// <summary>What the gradient of the mean loss is, of the sum of theirs.</summary>
    public const float Scale = 0.5f;

    /// <summary>Floats from δ of the first sample to that of the second.</summary>
    public int DeltaDistance { get; } = scratch;

    /// <summary>Floats from the first sample's activations below a layer to those of the second.</summary>
    /// <param name="offset">The place of a weight of the layer in the network's parameter buffer.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ActivationDistance(int offset) => offset < firstLayer ? inputs : DeltaDistance;
}
