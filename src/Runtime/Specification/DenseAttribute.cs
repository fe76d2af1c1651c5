namespace Backprop;

/// <summary>Adds a fully connected layer a = φ(W·x + b); layers run in the order of their attributes in the source.</summary>
/// <param name="units">The number of outputs of the layer.</param>
/// <param name="activation">φ.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class DenseAttribute(int units, Activation activation = Activation.Identity) : Attribute
{
    /// <summary>The number of outputs of the layer.</summary>
    public int Units { get; } = units;

    /// <summary>The activation φ.</summary>
    public Activation Activation { get; } = activation;

    /// <summary>Whether the layer adds a bias b; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>The distribution of the initial parameters; PyTorch's for Linear by default.</summary>
    public Initializer Initializer { get; set; }
}
