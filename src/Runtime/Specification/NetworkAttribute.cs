namespace Backprop;

/// <summary>Makes a partial class a network: the generator adds its forward, backward and training methods.</summary>
/// <param name="inputs">The number of inputs of one sample.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NetworkAttribute(int inputs) : Attribute
{
    /// <summary>The number of inputs of one sample.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>The loss that training minimises; <see cref="Loss.MeanSquaredError"/> by default.</summary>
    public Loss Loss { get; set; }

    /// <summary>How the loss combines the outputs of one sample; <see cref="Reduction.Mean"/> by default.</summary>
    public Reduction Reduction { get; set; }

    /// <summary>The mini-batch that the kernels are tiled for, in samples; any other count works too. 64 by default.</summary>
    public int BatchSize { get; set; } = NetworkSpec.DefaultBatchSize;

    /// <summary>How far products are written out; <see cref="Unroll.Auto"/> by default.</summary>
    public Unroll Unroll { get; set; }
}
