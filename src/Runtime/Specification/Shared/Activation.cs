namespace Backprop;

/// <summary>The function a = φ(z) that a layer applies to its weighted inputs z. Formulas and constants are PyTorch's.</summary>
public enum Activation
{
    /// <summary>φ(z) = z.</summary>
    Identity,

    /// <summary>φ(z) = 1 / (1 + e⁻ᶻ).</summary>
    Sigmoid,

    /// <summary>φ(z) = tanh z.</summary>
    Tanh,

    /// <summary>φ(z) = max(0, z); φ′(0) = 0.</summary>
    ReLU,

    /// <summary>φ(z) = z where z &gt; 0, else 0.01 z.</summary>
    LeakyReLU,

    /// <summary>φ(z) = z where z &gt; 0, else eᶻ − 1.</summary>
    ELU,

    /// <summary>φ(z) = λ z where z &gt; 0, else λ α (eᶻ − 1); λ ≈ 1.0507, α ≈ 1.6733 (Klambauer et al. 2017).</summary>
    SELU,

    /// <summary>φ(z) = z Φ(z), with Φ the normal distribution function, through erf (Hendrycks and Gimpel 2016).</summary>
    GELU,

    /// <summary>The tanh approximation of <see cref="GELU"/>: ½ z (1 + tanh(√(2/π) (z + 0.044715 z³))).</summary>
    GELUTanh,

    /// <summary>φ(z) = z σ(z), also called swish.</summary>
    SiLU,

    /// <summary>φ(z) = ln(1 + eᶻ).</summary>
    Softplus,

    /// <summary>φ(z) = z tanh(ln(1 + eᶻ)) (Misra 2019).</summary>
    Mish,

    /// <summary>φ(z) = z / (1 + |z|).</summary>
    Softsign,

    /// <summary>φ(z) = min(max(z/6 + ½, 0), 1).</summary>
    HardSigmoid,

    /// <summary>φ(z) = min(max(z, −1), 1).</summary>
    HardTanh,

    /// <summary>φ(z) = z · min(max(z/6 + ½, 0), 1).</summary>
    HardSwish,

    /// <summary>φ(z)ₖ = e^zₖ / Σⱼ e^zⱼ over the units of the layer; only on the last layer.</summary>
    Softmax,
}
