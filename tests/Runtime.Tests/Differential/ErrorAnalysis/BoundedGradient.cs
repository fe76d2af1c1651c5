using System.Numerics.Tensors;
using Backprop;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>
/// ∂C/∂W = Σₛ δ aᵀ of one layer with its error bound: products of operands with errors, |δ̂||â| − |δ||a| each, and the rounding
/// of a sum over the samples.
/// </summary>
/// <param name="spec">The layer.</param>
/// <param name="inputs">The number of its inputs.</param>
internal sealed class BoundedGradient(DenseSpec spec, int inputs)
{
    private readonly double[] _value = New(spec, inputs), _exact = New(spec, inputs), _computed = New(spec, inputs);
    private int _samples;

    /// <summary>Adds a sample.</summary>
    public void Add(Bounded delta, Bounded a)
    {
        _samples++;
        double[] deltas = delta.Magnitudes(), absolute = Array.ConvertAll(a.Value, Math.Abs), magnitudes = a.Magnitudes();
        for (int j = 0; j < deltas.Length; j++)
        {
            AddRow(_value, j, a.Value, delta.Value[j]);
            AddRow(_exact, j, absolute, Math.Abs(delta.Value[j]));
            AddRow(_computed, j, magnitudes, deltas[j]);
        }
    }

    /// <summary>The gradient and its errors, weights first.</summary>
    public (double[] Value, double[] Error) Result()
    {
        var error = new double[_value.Length];
        for (int i = 0; i < error.Length; i++)
            error[i] = _computed[i] - _exact[i] + Rounding.OfSum(_samples) * _computed[i] + (_samples + 2) * Rounding.Tiny;
        return (_value, error);
    }

    private void AddRow(double[] sums, int unit, double[] a, double delta)
    {
        if (delta == 0)
            return;
        Span<double> row = sums.AsSpan(unit * inputs, inputs);
        TensorPrimitives.MultiplyAdd<double>(a, delta, row, row);
        if (spec.Bias)
            sums[spec.Units * inputs + unit] += delta;
    }

    private static double[] New(DenseSpec spec, int inputs) => new double[spec.Units * (inputs + (spec.Bias ? 1 : 0))];
}
