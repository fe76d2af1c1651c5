namespace Backprop;

/// <summary>
/// An affine map of each input, x′ = (x − offset) · factor, fitted once on the training set and then applied alike to every
/// sample that the network is to see.
/// </summary>
public sealed class Scaling
{
    private readonly float[] _offsets;
    private readonly float[] _factors;

    /// <summary>A map of given offsets and factors, such as were saved with a network.</summary>
    /// <param name="offsets">[inputs].</param>
    /// <param name="factors">[inputs].</param>
    /// <exception cref="ArgumentException">The lengths differ or are 0, or a value is not finite.</exception>
    public Scaling(ReadOnlySpan<float> offsets, ReadOnlySpan<float> factors)
    {
        if (offsets.IsEmpty)
            throw new ArgumentException("Expected one offset for each input; none was given", nameof(offsets));
        if (factors.Length != offsets.Length)
            throw new ArgumentException($"Expected {offsets.Length} factors, one for each offset; {factors.Length} were given", nameof(factors));
        RequireFinite(offsets, nameof(offsets));
        RequireFinite(factors, nameof(factors));
        _offsets = offsets.ToArray();
        _factors = factors.ToArray();
    }

    /// <summary>The number of inputs of one sample.</summary>
    public int InputSize => _offsets.Length;

    /// <summary>What is subtracted from each input; [inputs].</summary>
    public ReadOnlySpan<float> Offsets => _offsets;

    /// <summary>What each input is multiplied by after that; [inputs].</summary>
    public ReadOnlySpan<float> Factors => _factors;

    /// <summary>Gives each input mean 0 and (population) standard deviation 1 over a data set. Inputs that are constant become 0.</summary>
    /// <param name="training">The data set to fit to: the training set, never the test set.</param>
    public static Scaling Standardize(Dataset training) => Fit(training, static column => (column.Mean, 1 / column.StandardDeviation));

    /// <summary>Maps the range of each input in a data set to [0, 1]. Inputs that are constant become 0.</summary>
    /// <param name="training">The data set to fit to: the training set, never the test set.</param>
    public static Scaling MinMax(Dataset training) => Fit(training, static column => (column.Min, 1 / ((double)column.Max - column.Min)));

    /// <summary>Multiplies every input by one factor, such as 1/255 for the bytes of an image.</summary>
    /// <param name="inputSize">The number of inputs of one sample.</param>
    /// <param name="factor">The factor.</param>
    /// <exception cref="ArgumentException">There is no input, or the factor is not finite.</exception>
    public static Scaling Constant(int inputSize, float factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        var factors = new float[inputSize];
        Array.Fill(factors, factor);
        return new Scaling(new float[inputSize], factors);
    }

    /// <summary>Maps one or more samples in place.</summary>
    /// <param name="samples">[samples, inputs].</param>
    /// <exception cref="ArgumentException">The length is not a multiple of <see cref="InputSize"/>; nothing was written.</exception>
    public void Apply(Span<float> samples)
    {
        if (samples.Length % InputSize != 0)
            throw new ArgumentException($"Expected a multiple of {InputSize} values, the inputs of one sample; {samples.Length} were given", nameof(samples));
        for (int start = 0; start < samples.Length; start += InputSize)
        {
            Span<float> sample = samples.Slice(start, InputSize);
            for (int i = 0; i < sample.Length; i++)
                sample[i] = (float)(((double)sample[i] - _offsets[i]) * _factors[i]);
        }
    }

    private static Scaling Fit(Dataset training, Func<Column, (double Offset, double Factor)> fit)
    {
        ArgumentNullException.ThrowIfNull(training);
        var offsets = new float[training.InputSize];
        var factors = new float[training.InputSize];
        for (int i = 0; i < offsets.Length; i++)
        {
            Column column = Column.Of(training, i);
            var (offset, factor) = fit(column);
            // A constant input has no spread to divide by (its mean in double is the value itself, so the deviation is exactly
            // 0), and neither has one whose spread is below the reciprocal of the largest float.
            bool constant = !float.IsFinite((float)factor);
            offsets[i] = constant ? column.Min : (float)offset;
            factors[i] = constant ? 1f : (float)factor;
        }
        return new Scaling(offsets, factors);
    }

    private static void RequireFinite(ReadOnlySpan<float> values, string name)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                throw new ArgumentException($"Expected finite values; {value} was given", name);
        }
    }

    /// <summary>The statistics of one input over a data set.</summary>
    private readonly record struct Column(float Min, float Max, double Mean, double StandardDeviation)
    {
        public static Column Of(Dataset data, int input)
        {
            float min = float.PositiveInfinity, max = float.NegativeInfinity;
            double sum = 0;
            for (int s = 0; s < data.Count; s++)
            {
                float value = data.InputsOf(s)[input];
                min = MathF.Min(min, value);
                max = MathF.Max(max, value);
                sum += value;
            }
            double mean = sum / data.Count, squares = 0;
            for (int s = 0; s < data.Count; s++)
            {
                double deviation = data.InputsOf(s)[input] - mean;
                squares += deviation * deviation;
            }
            return new Column(min, max, mean, Math.Sqrt(squares / data.Count));
        }
    }
}
