namespace Backprop.Tests.Numerics;

/// <summary>erf in double, which the BCL does not have: series and continued fraction, within a few units of 1e-16.</summary>
internal static class ErrorFunction
{
    public static double Compute(double x)
    {
        if (double.IsNaN(x)) return x;
        var a = Math.Abs(x);
        var erf = a switch
        {
            < 3 => 2 / Math.Sqrt(Math.PI) * Math.Exp(-a * a) * Series(a),
            < 6 => 1 - Math.Exp(-a * a) / Math.Sqrt(Math.PI) / Fraction(a),
            _ => 1,
        };
        return Math.CopySign(erf, x);
    }

    // e^(a²) ∫₀ᵃ e^(−t²) dt = Σ 2ⁿ a^(2n+1) / (1 · 3 · … · (2n + 1)): all terms are positive, so that nothing cancels.
    private static double Series(double a)
    {
        var (sum, term) = (a, a);
        for (var n = 1; term > 1e-18 * sum; n++) sum += term *= 2 * a * a / (2 * n + 1);
        return sum;
    }

    // erfc a = e^(−a²) / √π / (a + ½ / (a + 1 / (a + 3/2 / (a + …))))
    private static double Fraction(double a)
    {
        var tail = a;
        for (var k = 60; k >= 1; k--) tail = a + k / 2.0 / tail;
        return tail;
    }
}
