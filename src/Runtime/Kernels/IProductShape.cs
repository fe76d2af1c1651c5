namespace Backprop.Kernels;

/// <summary>
/// The sizes of a product, z = Σ x·w for every sample and unit, as constants that the JIT sees. The register tiles of emitted code
/// are generic over it: written once, and compiled for every layer with its own numbers in place.
/// </summary>
public interface IProductShape
{
    /// <summary>The terms of each sum: a layer's inputs; or its units, where δ is propagated down.</summary>
    static abstract int Steps { get; }

    /// <summary>Floats from one sample's x to the next sample's.</summary>
    static abstract int InputStride { get; }

    /// <summary>Floats from one sample's result to the next sample's.</summary>
    static abstract int OutputStride { get; }

    /// <summary>Floats in a row of weights of one panel: the units that lie side by side.</summary>
    static abstract int PanelWidth { get; }

    /// <summary>Whether the sums begin with the row of biases that follows a panel's weights.</summary>
    static abstract bool HasBias { get; }
}
