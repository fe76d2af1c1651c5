namespace Backprop.Aot;

/// <summary>Numbers that a network computed.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Values">The numbers.</param>
/// <param name="Exact">What the reference engine says they are, where it was asked.</param>
internal sealed record Result(string Name, float[] Values, double[]? Exact = null)
{
    /// <summary>The largest difference from the reference engine, in units of its largest value; 0 where it was not asked.</summary>
    public double Error
    {
        get
        {
            double worst = 0, scale = 1e-2;
            for (int i = 0; Exact is not null && i < Values.Length; i++)
            {
                scale = Math.Max(scale, Math.Abs(Exact[i]));
                double difference = Math.Abs(Values[i] - Exact[i]);
                worst = difference <= worst ? worst : difference; // NaN is the worst.
            }
            return worst / scale;
        }
    }
}
