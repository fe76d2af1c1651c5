namespace Backprop.Numerics;

/// <summary>
/// The activations' formulas in double, by their names. <see cref="Activation.Softmax"/> is no function of one unit and not
/// among them.
/// </summary>
internal static class ScalarActivation
{
    /// <summary>φ(z).</summary>
    /// <param name="activation">φ.</param>
    /// <param name="z">The weighted input.</param>
    public static double Value(Activation activation, double z) => activation switch
    {
        Activation.Identity => Identity.Value(z),
        Activation.Sigmoid => Sigmoid.Value(z),
        Activation.Tanh => Tanh.Value(z),
        Activation.ReLU => ReLU.Value(z),
        Activation.LeakyReLU => LeakyReLU.Value(z),
        Activation.ELU => ELU.Value(z),
        Activation.SELU => SELU.Value(z),
        Activation.GELU => GELU.Value(z),
        Activation.GELUTanh => GELUTanh.Value(z),
        Activation.SiLU => SiLU.Value(z),
        Activation.Softplus => Softplus.Value(z),
        Activation.Mish => Mish.Value(z),
        Activation.Softsign => Softsign.Value(z),
        Activation.HardSigmoid => HardSigmoid.Value(z),
        Activation.HardTanh => HardTanh.Value(z),
        Activation.HardSwish => HardSwish.Value(z),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "It acts on a whole layer, not on one unit"),
    };

    /// <summary>φ′(z).</summary>
    /// <param name="activation">φ.</param>
    /// <param name="z">The weighted input.</param>
    public static double Derivative(Activation activation, double z) => activation switch
    {
        Activation.Identity => Identity.Derivative(z),
        Activation.Sigmoid => Sigmoid.Derivative(z),
        Activation.Tanh => Tanh.Derivative(z),
        Activation.ReLU => ReLU.Derivative(z),
        Activation.LeakyReLU => LeakyReLU.Derivative(z),
        Activation.ELU => ELU.Derivative(z),
        Activation.SELU => SELU.Derivative(z),
        Activation.GELU => GELU.Derivative(z),
        Activation.GELUTanh => GELUTanh.Derivative(z),
        Activation.SiLU => SiLU.Derivative(z),
        Activation.Softplus => Softplus.Derivative(z),
        Activation.Mish => Mish.Derivative(z),
        Activation.Softsign => Softsign.Derivative(z),
        Activation.HardSigmoid => HardSigmoid.Derivative(z),
        Activation.HardTanh => HardTanh.Derivative(z),
        Activation.HardSwish => HardSwish.Derivative(z),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "It acts on a whole layer, not on one unit"),
    };
}
