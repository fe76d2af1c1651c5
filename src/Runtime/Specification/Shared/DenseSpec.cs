namespace Backprop;

/// <summary>A fully connected layer: a = φ(W·x + b).</summary>
/// <param name="Units">The number of outputs of the layer.</param>
/// <param name="Activation">φ.</param>
public sealed record DenseSpec(int Units, Activation Activation = Activation.Identity)
{
    /// <summary>Whether the layer adds a bias b; true by default.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>The distribution of the initial parameters.</summary>
    public Initializer Initializer { get; init; }
}
