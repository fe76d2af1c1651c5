namespace Backprop.Generator.Emitting;

/// <summary>Writes how partial sums become one: halves are added to each other, so that no addition waits for more than a few others.</summary>
internal static class PartialSums
{
    /// <summary>Writes the additions; the sums are left in the first variables.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="splits">Into how many partial sums each sum is split.</param>
    /// <param name="variables">The variables of a split, one for each sum.</param>
    public static void Write(SourceWriter writer, int splits, Func<int, IEnumerable<string>> variables)
    {
        for (int count = splits, half; count > 1; count = half)
        {
            half = (count + 1) / 2;
            for (int split = 0; split + half < count; split++)
            {
                foreach (string line in variables(split).Zip(variables(split + half), (sum, other) => $"{sum} += {other};"))
                    writer.Line(line);
            }
        }
    }
}
