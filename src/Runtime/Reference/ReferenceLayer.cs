using Backprop.Numerics;

namespace Backprop;

/// <summary>
/// The equations of one layer a = φ(W x + b) of the reference engine. The parameters and gradients are the network's,
/// canonical order.
/// </summary>
/// <param name="spec">The layer.</param>
/// <param name="inputs">The number n of its inputs.</param>
/// <param name="offset">Where its parameters begin.</param>
internal sealed class ReferenceLayer(DenseSpec spec, int inputs, int offset)
{
    private readonly int _units = spec.Units;
    private readonly int _biases = offset + spec.Units * inputs;

    /// <summary>The number of its parameters.</summary>
    public int ParameterCount => _units * (inputs + (spec.Bias ? 1 : 0));

    /// <summary>The weighted inputs z = W x + b: zⱼ = Σᵢ Wⱼᵢ xᵢ + bⱼ.</summary>
    public double[] WeightedInputs(ReadOnlySpan<double> parameters, double[] x)
    {
        var z = new double[_units];
        for (int j = 0; j < _units; j++)
        {
            z[j] = spec.Bias ? parameters[_biases + j] : 0;
            for (int i = 0; i < inputs; i++)
                z[j] += parameters[Weight(j, i)] * x[i];
        }

        return z;
    }

    /// <summary>The activations a = φ(z).</summary>
    public double[] Activate(double[] z) =>
        spec.Activation == Activation.Softmax ? Softmax(z) : Array.ConvertAll(z, value => ScalarActivation.Value(spec.Activation, value));

    /// <summary>
    /// δ = ∂C/∂z of the layer from g = ∂C/∂a: δ = g ∘ φ′(z), and for softmax, where every output depends on every weighted
    /// input, δⱼ = Σₖ gₖ ∂aₖ/∂zⱼ = aⱼ (gⱼ − Σₖ gₖ aₖ).
    /// </summary>
    public double[] Delta(double[] g, double[] z, double[] a)
    {
        var delta = new double[_units];
        if (spec.Activation == Activation.Softmax)
        {
            double mean = 0;
            for (int k = 0; k < _units; k++)
                mean += g[k] * a[k];
            for (int j = 0; j < _units; j++)
                delta[j] = a[j] * (g[j] - mean);
        }
        else
        {
            for (int j = 0; j < _units; j++)
                delta[j] = g[j] * ScalarActivation.Derivative(spec.Activation, z[j]);
        }

        return delta;
    }

    /// <summary>Adds ∂C/∂W = δ xᵀ (∂C/∂Wⱼᵢ = δⱼ xᵢ) and ∂C/∂b = δ to the gradient.</summary>
    public void AddGradient(double[] delta, double[] x, Span<double> gradient)
    {
        for (int j = 0; j < _units; j++)
        {
            for (int i = 0; i < inputs; i++)
                gradient[Weight(j, i)] += delta[j] * x[i];
            if (spec.Bias)
                gradient[_biases + j] += delta[j];
        }
    }

    /// <summary>The gradient by the layer's inputs, ∂C/∂x = Wᵀ δ: ∂C/∂xᵢ = Σⱼ Wⱼᵢ δⱼ.</summary>
    public double[] InputGradient(ReadOnlySpan<double> parameters, double[] delta)
    {
        var result = new double[inputs];
        for (int j = 0; j < _units; j++)
        {
            for (int i = 0; i < inputs; i++)
                result[i] += parameters[Weight(j, i)] * delta[j];
        }

        return result;
    }

    /// <summary>Softmax: aₖ = e^(zₖ − ln Σⱼ e^zⱼ).</summary>
    private static double[] Softmax(double[] z)
    {
        double logSum = CrossEntropy.LogSumExp(z);
        return Array.ConvertAll(z, value => Math.Exp(value - logSum));
    }

    private int Weight(int unit, int input) => offset + unit * inputs + input;
}
