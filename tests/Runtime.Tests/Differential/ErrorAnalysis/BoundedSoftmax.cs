using Backprop.Numerics;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>
/// y = softmax(z) with error bounds. Errors of z are exponents: they become factors of y. So does the rounding of z − max z,
/// before an exponential that is within 2 ULP, and the rounding of the sum.
/// </summary>
internal sealed class BoundedSoftmax
{
    /// <summary>2 ULP: at most 4u.</summary>
    private const double Exponential = 4 * Rounding.U;

    private readonly double[] _shifted;
    private readonly double _largestError;

    /// <summary>Applies softmax.</summary>
    public BoundedSoftmax(Bounded z)
    {
        int units = z.Value.Length;
        double largest = z.Value.Max(), logSum = CrossEntropy.LogSumExp(z.Value);
        double[] y = Array.ConvertAll(z.Value, value => Math.Exp(value - logSum)), error = new double[units];
        _shifted = Array.ConvertAll(z.Value, value => Math.Abs(value - largest));
        LogSum = logSum - largest;
        _largestError = z.Error.Max();

        // How far ln Σ e^z moves with z, and the relative error of the computed sum.
        double growth = Math.Exp(2 * _largestError), mean = y.Zip(z.Error, (yj, ej) => yj * ej).Sum();
        Moved = Math.Min(_largestError, growth * mean);
        SumRounding = Rounding.OfSum(units) + Exponential
            + growth * y.Zip(_shifted, (yj, shifted) => yj * Rounding.U * (shifted + 2 * _largestError)).Sum();
        for (int k = 0; k < units; k++)
        {
            // ∂ ln yₖ/∂zⱼ is 1 − yₖ for j = k and −yⱼ for the others: nothing where there are no others.
            double others = Math.Max(0, mean - y[k] * z.Error[k]);
            double moved = Math.Min(z.Error[k] + Moved, growth * ((1 - y[k]) * z.Error[k] + others));
            double exponent = moved + Shift(k) + Exponential + SumRounding + 3 * Rounding.U;
            error[k] = y[k] * Math.Exp(exponent) - y[k] + 4 * Rounding.Tiny;
        }
        Y = Bounded.Of(y, error);
    }

    /// <summary>y.</summary>
    public Bounded Y { get; }

    /// <summary>ln Σ e^(z − max z).</summary>
    public double LogSum { get; }

    /// <summary>How far the exact value of it may move by the errors of z.</summary>
    public double Moved { get; }

    /// <summary>The relative rounding error of Σ e^(z − max z).</summary>
    public double SumRounding { get; }

    /// <summary>max z − zₖ.</summary>
    public double Shifted(int unit) => _shifted[unit];

    /// <summary>δⱼ = yⱼ (gⱼ − Σ g y).</summary>
    public Bounded Delta(Bounded g)
    {
        int units = _shifted.Length;
        double[] delta = new double[units], error = new double[units], gs = g.Magnitudes(), ys = Y.Magnitudes();
        double mean = 0, meanError = 0;
        for (int k = 0; k < units; k++)
        {
            mean += g.Value[k] * Y.Value[k];
            meanError += gs[k] * ys[k] * (1 + Rounding.OfSum(units)) - Math.Abs(g.Value[k] * Y.Value[k]);
        }
        for (int j = 0; j < units; j++)
        {
            double difference = g.Value[j] - mean;
            double differenceError = g.Error[j] + meanError + Rounding.U * (gs[j] + Math.Abs(mean) + meanError);
            delta[j] = Y.Value[j] * difference;
            error[j] = Math.Abs(difference) * Y.Error[j] + ys[j] * differenceError
                + 3 * Rounding.U * ys[j] * (Math.Abs(difference) + differenceError) + 2 * Rounding.Tiny;
        }
        return Bounded.Of(delta, error);
    }

    // The rounding of z − max z. The largest may be another than in double: both are then within twice the largest error.
    private double Shift(int unit) => Rounding.U * (_shifted[unit] + 2 * _largestError);
}
