using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>A point where a derivative jumps.</summary>
/// <param name="At">The weighted input.</param>
/// <param name="Jump">By how much.</param>
internal readonly record struct Kink(double At, double Jump);

/// <summary>Where an activation's derivative jumps, the rounding of z alone may decide about it.</summary>
internal static class Kinks
{
    /// <summary>The distance that problems keep, so that the bounds of most comparisons do not contain a jump.</summary>
    private const double Margin = 1e-5;

    private static readonly Kink[] s_none = [];
    private static readonly Kink[] s_relu = [new(0, 1)];
    private static readonly Kink[] s_leakyRelu = [new(0, 0.99)];
    private static readonly Kink[] s_selu = [new(0, 1.0507009873554805 * (1.6732632423543772 - 1))];
    private static readonly Kink[] s_hardTanh = [new(-1, 1), new(1, 1)];
    private static readonly Kink[] s_hardSigmoid = [new(-3, 1.0 / 6), new(3, 1.0 / 6)];
    private static readonly Kink[] s_hardSwish = [new(-3, 0.5), new(3, 0.5)];

    /// <summary>The kinks of an activation.</summary>
    public static Kink[] Of(Activation activation) => activation switch
    {
        Activation.ReLU => s_relu,
        Activation.LeakyReLU => s_leakyRelu,
        Activation.SELU => s_selu,
        Activation.HardTanh => s_hardTanh,
        Activation.HardSigmoid => s_hardSigmoid,
        Activation.HardSwish => s_hardSwish,
        _ => s_none,
    };

    /// <summary>Whether a sample has a weighted input near a kink of its layer's activation. One that is exactly there, as where all weights are 0, is not rounded.</summary>
    public static bool IsNear(NetworkSpec spec, ReadOnlySpan<double> parameters, ReadOnlySpan<double> x)
    {
        double[] a = x.ToArray();
        int offset = 0;
        for (int l = 0; l < spec.Layers.Count; l++)
        {
            var layer = new ReferenceLayer(spec.Layers[l], spec.InputsOf(l), offset);
            offset += layer.ParameterCount;
            double[] z = layer.WeightedInputs(parameters, a);
            foreach (Kink kink in Of(spec.Layers[l].Activation))
            {
                if (Array.Exists(z, value => value != kink.At && Math.Abs(value - kink.At) < Margin))
                    return true;
            }
            a = layer.Activate(z);
        }
        return false;
    }
}
