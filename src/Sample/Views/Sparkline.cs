namespace Backprop.Sample.Views;

/// <summary>A curve in one line of text.</summary>
internal static class Sparkline
{
    private const string Heights = "▁▂▃▄▅▆▇█";

    /// <summary>Draws values, each as a bar between the smallest and the largest.</summary>
    /// <param name="values">The values.</param>
    public static string Of(IReadOnlyList<double> values)
    {
        double min = values.Min(), range = values.Max() - min;
        return string.Concat(values.Select(value => Heights[range > 0 ? (int)((value - min) / range * (Heights.Length - 1)) : 0]));
    }
}
