namespace Backprop;

/// <summary>The place of the largest of some values: the class that an output or a one-hot target names.</summary>
internal static class ArgMax
{
    /// <summary>The place of the largest value, the first of equals; −1 where a value is NaN or there is none.</summary>
    /// <param name="values">The values.</param>
    public static int Of(ReadOnlySpan<float> values)
    {
        int best = -1;
        for (int i = 0; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
                return -1;
            if (best < 0 || values[i] > values[best])
                best = i;
        }
        return best;
    }
}
