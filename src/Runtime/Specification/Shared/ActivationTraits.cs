namespace Backprop;

/// <summary>What the planner needs to know of an activation besides its name.</summary>
public static class ActivationTraits
{
    /// <summary>
    /// Whether φ′(z) is taken from the output a = φ(z) in the backward pass (true), or computed from z in the forward pass
    /// and kept (false). Softmax counts as true: its Jacobian is written in its outputs.
    /// </summary>
    /// <param name="activation">φ.</param>
    public static bool DerivativeFromOutput(Activation activation) => activation is
        Activation.Identity or Activation.Sigmoid or Activation.Tanh or Activation.ReLU or Activation.LeakyReLU
        or Activation.ELU or Activation.SELU or Activation.HardTanh or Activation.Softmax;
}
