namespace Backprop.Numerics;

/// <summary>
/// −Σₖ tₖ ln yₖ of the probabilities y = softmax(z), from the weighted inputs z: since ln yₖ = zₖ − ln Σⱼ e^zⱼ, it takes
/// no logarithm of a rounded probability. Its derivative by z is y Σₖ tₖ − t, which is y − t for targets that sum to 1.
/// </summary>
public static class CrossEntropy
{
    /// <summary>The loss of one sample.</summary>
    /// <param name="z">The weighted inputs.</param>
    /// <param name="t">The targets: probabilities, or one-hot.</param>
    public static double Value(ReadOnlySpan<double> z, ReadOnlySpan<double> t)
    {
        double logSum = LogSumExp(z), loss = 0;
        for (int k = 0; k < z.Length; k++)
            loss -= t[k] * (z[k] - logSum);
        return loss;
    }

    /// <summary>ln Σₖ e^zₖ = m + ln Σₖ e^(zₖ − m) with m the largest z, so that nothing overflows.</summary>
    /// <param name="z">The weighted inputs.</param>
    public static double LogSumExp(ReadOnlySpan<double> z)
    {
        double largest = z[0], sum = 0;
        foreach (double value in z)
            largest = Math.Max(largest, value);
        foreach (double value in z)
            sum += Math.Exp(value - largest);
        return largest + Math.Log(sum);
    }
}
