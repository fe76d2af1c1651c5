using System.Numerics.Tensors;
using Backprop;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>
/// The products of one layer with running error bounds. A product has the rounding of its own sum, by
/// <see cref="Rounding.OfSum"/>, and what its operands' errors become: |W| times them, element by element, or at most the row's
/// length times theirs (Cauchy and Schwarz), whichever is less.
/// </summary>
/// <param name="spec">The layer.</param>
/// <param name="inputs">The number of its inputs.</param>
/// <param name="parameters">Its parameters: weights, then biases.</param>
/// <param name="errors">How far those of the network may be from these; empty where they are exact.</param>
internal sealed class BoundedLayer(DenseSpec spec, int inputs, double[] parameters, double[] errors)
{
    private readonly int _weights = spec.Units * inputs;
    private readonly double[] _magnitudes = [.. parameters.Select((value, i) => Math.Abs(value) + (errors.Length > 0 ? errors[i] : 0))];
    private double[]? _rowLengths, _columnLengths;

    /// <summary>The layer.</summary>
    public DenseSpec Spec { get; } = spec;

    /// <summary>The number of parameters.</summary>
    public int ParameterCount => parameters.Length;

    /// <summary>A bound of the weights' largest singular value, set by <see cref="FindSpectralNorm"/>; errors are added by <see cref="BoundedNetwork"/>.</summary>
    public double Spectral { get; private set; }

    private double WeightErrorLength => errors.Length > 0 ? Bounded.Length(errors.AsSpan(0, _weights)) : 0;

    /// <summary>Computes the largest singular value.</summary>
    public double FindSpectralNorm() => Spectral = SpectralNorm.Bound(parameters[.._weights], Spec.Units, inputs);

    /// <summary>Takes it from the same layer with other weights: no singular value changes by more than the change's length.</summary>
    public void DeriveSpectralNorm(BoundedLayer other)
    {
        var change = new double[_weights];
        TensorPrimitives.Subtract<double>(parameters.AsSpan(0, _weights), other.Parameters.AsSpan(0, _weights), change);
        Spectral = other.Spectral + Bounded.Length(change) + WeightErrorLength;
    }

    private double[] Parameters => parameters;

    /// <summary>z = W a + b.</summary>
    public Bounded WeightedInputs(Bounded a)
    {
        _rowLengths ??= [.. Enumerable.Range(0, Spec.Units).Select(j => Bounded.Length(_magnitudes.AsSpan(j * inputs, inputs)))];
        double[] z = new double[Spec.Units], local = new double[Spec.Units], error = new double[Spec.Units];
        double[] magnitudes = a.Magnitudes(), absolute = Array.ConvertAll(a.Value, Math.Abs);
        for (int j = 0; j < z.Length; j++)
        {
            Range row = (j * inputs)..((j + 1) * inputs);
            ReadOnlySpan<double> weights = _magnitudes.AsSpan(row);
            z[j] = TensorPrimitives.Dot<double>(parameters.AsSpan(row), a.Value);
            double sum = TensorPrimitives.Dot<double>(weights, magnitudes);
            if (Spec.Bias)
            {
                z[j] += parameters[_weights + j];
                sum += _magnitudes[_weights + j];
            }
            local[j] = Rounding.OfSum(inputs) * sum + (inputs + 2) * Rounding.Tiny;
            if (errors.Length > 0)
                local[j] += TensorPrimitives.Dot<double>(errors.AsSpan(row), absolute) + (Spec.Bias ? errors[_weights + j] : 0);
            error[j] = local[j] + Math.Min(TensorPrimitives.Dot<double>(weights, a.Error), _rowLengths[j] * a.Norm);
        }
        return Bounded.Of(z, error, Spectral * a.Norm + Bounded.Length(local));
    }

    /// <summary>∂C/∂a = Wᵀ δ of the layer below.</summary>
    public Bounded InputGradient(Bounded delta)
    {
        _columnLengths ??= [.. Enumerable.Range(0, inputs).Select(ColumnLength)];
        double[] value = new double[inputs], local = new double[inputs], propagated = new double[inputs], magnitudes = delta.Magnitudes();
        for (int j = 0; j < delta.Value.Length; j++)
        {
            Range row = (j * inputs)..((j + 1) * inputs);
            AddProduct(parameters.AsSpan(row), delta.Value[j], value);
            AddProduct(_magnitudes.AsSpan(row), magnitudes[j], local);
            AddProduct(_magnitudes.AsSpan(row), delta.Error[j], propagated);
        }
        TensorPrimitives.Multiply<double>(local, Rounding.OfSum(Spec.Units), local);
        TensorPrimitives.Add<double>(local, (Spec.Units + 2) * Rounding.Tiny, local);
        for (int j = 0; errors.Length > 0 && j < delta.Value.Length; j++)
            AddProduct(errors.AsSpan(j * inputs, inputs), Math.Abs(delta.Value[j]), local);
        var error = new double[inputs];
        for (int i = 0; i < inputs; i++)
            error[i] = local[i] + Math.Min(propagated[i], _columnLengths[i] * delta.Norm);
        return Bounded.Of(value, error, Spectral * delta.Norm + Bounded.Length(local));
    }

    private double ColumnLength(int column)
    {
        double sum = 0;
        for (int j = 0; j < Spec.Units; j++)
            sum += _magnitudes[j * inputs + column] * _magnitudes[j * inputs + column];
        return Math.Sqrt(sum);
    }

    private static void AddProduct(ReadOnlySpan<double> row, double factor, double[] sums)
    {
        if (factor != 0)
            TensorPrimitives.MultiplyAdd<double>(row, factor, sums, sums);
    }
}
