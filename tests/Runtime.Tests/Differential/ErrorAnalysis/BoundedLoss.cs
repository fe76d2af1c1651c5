using Backprop;
using Backprop.Numerics;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>The losses and their derivatives with error bounds, for one sample, before any division.</summary>
internal static class BoundedLoss
{
    /// <summary>What an output adds to a loss that is a function of the outputs, and its error.</summary>
    public static (double Value, double Error) OfOutput(Loss loss, double y, double e, double t)
    {
        double value = ScalarLoss.Value(loss, y, t), slope = Math.Abs(ScalarLoss.Derivative(loss, y, t));
        // value(y ± e) by Taylor's formula; |d| has the slope 1 everywhere.
        double moved = loss switch
        {
            Loss.MeanSquaredError => slope * e + e * e,
            Loss.MeanAbsoluteError => e,
            _ => slope * e + e * e / 2,
        };
        return (value, moved + 5 * Rounding.U * (value + moved) + 2 * Rounding.Tiny);
    }

    /// <summary>The derivative of such a loss by the output.</summary>
    public static (double Value, double Error) Derivative(Loss loss, double y, double e, double t)
    {
        double value = ScalarLoss.Derivative(loss, y, t);
        double moved = loss switch
        {
            Loss.MeanSquaredError => 2 * e,
            Loss.MeanAbsoluteError => e > 0 && Math.Abs(y - t) <= e * (1 + Rounding.U) ? 2 : 0,
            Loss.Huber => Math.Min(e, 2),
            _ => e,
        };
        return (value, moved + 2 * Rounding.U * (Math.Abs(value) + moved));
    }

    /// <summary>Binary cross-entropy of a weighted input: its slope is σ(z) − t, its curvature at most ¼.</summary>
    public static (double Value, double Error) OfLogit(double z, double e, double t)
    {
        double value = BinaryCrossEntropy.Value(z, t), logarithm = value - (Math.Max(z, 0) - t * z);
        double moved = Math.Abs(BinaryCrossEntropy.Derivative(z, t)) * e + e * e / 8, size = Math.Abs(z) + e;
        // max(z, 0) and tz are rounded apart; e^−|z| and ln(1 + ·) are within 2 ULP each.
        double rounding = Rounding.U * (4 * size * (1 + Math.Abs(t)) + 12 * (logarithm + e));
        return (value, moved + rounding + 4 * Rounding.Tiny);
    }

    /// <summary>Cross-entropy Σ tₖ (ln Σ e^z − zₖ).</summary>
    public static (double Value, double Error) OfSoftmax(Bounded z, BoundedSoftmax softmax, ReadOnlySpan<double> t)
    {
        double error = 0, magnitude = 0, logarithm = Math.Abs(softmax.LogSum);
        // The logarithm is within 2 ULP, of a sum with an error of its own.
        double logarithmError = softmax.SumRounding + 4 * Rounding.U * (logarithm + softmax.Moved + softmax.SumRounding);
        for (int k = 0; k < t.Length; k++)
        {
            double weight = Math.Abs(t[k]), moved = z.Error[k] + softmax.Moved;
            error += weight * (moved + logarithmError + Rounding.U * (softmax.Shifted(k) + 2 * moved));
            magnitude += weight * (logarithm + softmax.Shifted(k) + 2 * moved);
        }
        return (CrossEntropy.Value(z.Value, t), error + Rounding.OfSum(t.Length + 2) * magnitude + Rounding.Tiny);
    }
}
