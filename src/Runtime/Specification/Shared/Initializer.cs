namespace Backprop;

/// <summary>The distribution that a layer's initial weights are drawn from. n is the layer's inputs, m its units.</summary>
public enum Initializer
{
    /// <summary>PyTorch's default for Linear: weights and bias uniform in ±1/√n.</summary>
    Default,

    /// <summary>Uniform in ±√(6/(n + m)); bias 0 (Glorot and Bengio 2010).</summary>
    GlorotUniform,

    /// <summary>Normal with variance 2/(n + m); bias 0 (Glorot and Bengio 2010).</summary>
    GlorotNormal,

    /// <summary>Uniform in ±√(6/n); bias 0 (He et al. 2015).</summary>
    HeUniform,

    /// <summary>Normal with variance 2/n; bias 0 (He et al. 2015).</summary>
    HeNormal,

    /// <summary>All weights and biases 0.</summary>
    Zeros,
}
