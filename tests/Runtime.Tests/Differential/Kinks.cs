using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>Where an activation's derivative jumps, the rounding of z alone may decide about it.</summary>
internal static class Kinks
{
    /// <summary>The distance within which it may: about a hundred units of rounding.</summary>
    public const double Margin = 1e-5;

    /// <summary>Whether a sample has a weighted input near a kink of its layer's activation.</summary>
    public static bool IsNear(NetworkSpec spec, ReadOnlySpan<double> parameters, ReadOnlySpan<double> x)
    {
        double[] a = x.ToArray();
        int offset = 0;
        for (int l = 0; l < spec.Layers.Count; l++)
        {
            var layer = new ReferenceLayer(spec.Layers[l], spec.InputsOf(l), offset);
            offset += layer.ParameterCount;
            double[] z = layer.WeightedInputs(parameters, a);
            foreach (double kink in Of(spec.Layers[l].Activation))
            {
                if (Array.Exists(z, value => Math.Abs(Math.Abs(value) - kink) < Margin))
                    return true;
            }
            a = layer.Activate(z);
        }
        return false;
    }

    // All are symmetric about 0.
    private static ReadOnlySpan<double> Of(Activation activation) => activation switch
    {
        Activation.ReLU or Activation.LeakyReLU or Activation.SELU => [0],
        Activation.HardTanh => [1],
        Activation.HardSigmoid or Activation.HardSwish => [3],
        _ => [],
    };
}
