using Backprop;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>How fast an activation's derivative changes away from its kinks.</summary>
internal static class Curvature
{
    /// <summary>The supremum of |φ″|.</summary>
    public static double Of(Activation activation) => activation switch
    {
        Activation.Identity or Activation.ReLU or Activation.LeakyReLU or Activation.HardTanh or Activation.HardSigmoid => 0,
        Activation.Sigmoid => 0.0962251,                    // 1 / (6 √3)
        Activation.Tanh => 0.7698004,                       // 4 / (3 √3)
        Activation.ELU => 1,
        Activation.SELU => 1.7580994,                       // λ α
        Activation.GELU => 0.7978846,                       // 2 / √(2π), at 0
        Activation.GELUTanh => 0.7978846,
        Activation.SiLU => 0.5,
        Activation.Softplus => 0.25,
        Activation.Mish => 0.64421,                        // near −0.08, by search
        Activation.Softsign => 2,
        Activation.HardSwish => 1.0 / 3 + 1e-12,
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };
}
