namespace Backprop.Numerics;

/// <summary>
/// Functions in double that the BCL lacks, or has (<see cref="double.LogP1"/>, <see cref="double.ExpM1"/>) with
/// cancellation near 0.
/// </summary>
internal static class ScalarMath
{
    /// <summary>ln(1 + x). What 1 + x loses by rounding, the quotient puts back (Kahan; Goldberg 1991, theorem 4).</summary>
    public static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 || double.IsPositiveInfinity(sum) ? x : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>eˣ − 1 for x ≤ 0, as 2t / (1 − t) with t = tanh(x/2): nothing cancels there.</summary>
    public static double ExpMinusOne(double x)
    {
        double t = Math.Tanh(x / 2);
        return 2 * t / (1 - t);
    }

    /// <summary>
    /// The normal distribution function Φ(z) = ½ erfc(−z/√2). Near 0 by the series
    /// Φ(z) = ½ + φ(z) (z + z³/3 + z⁵/(3·5) + …) (Abramowitz and Stegun 26.2.11), whose terms have one sign; in the tails by
    /// the continued fraction Φ(−x) = φ(x) · 1/(x + 1/(x + 2/(x + 3/(x + …)))) (26.2.14). Relative error below 1e-13.
    /// </summary>
    public static double NormalDistribution(double z)
    {
        double x = Math.Abs(z);
        if (x < 3)
        {
            double term = z, sum = z;
            for (int k = 3; Math.Abs(term) > Math.Abs(sum) * 1e-17; k += 2)
                sum += term *= z * z / k;
            return 0.5 + NormalDensity(z) * sum;
        }

        double fraction = x;
        for (int k = 100; k >= 1; k--)
            fraction = x + k / fraction;
        double tail = NormalDensity(x) / fraction;
        return z < 0 ? tail : 1 - tail;
    }

    /// <summary>The normal density φ(z) = e^(−z²/2) / √(2π).</summary>
    public static double NormalDensity(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
}
