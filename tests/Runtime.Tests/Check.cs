namespace Runtime.Tests;

/// <summary>Comparisons of floating-point numbers.</summary>
internal static class Check
{
    /// <summary>Asserts that two numbers differ by at most <paramref name="tolerance"/> · max(1, |expected|).</summary>
    public static void Close(double expected, double actual, double tolerance, string? what = null)
    {
        bool close = Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected));
        Assert.True(close, $"{what ?? "value"}: expected {expected:R}, got {actual:R}");
    }

    /// <summary>Asserts the same of every element.</summary>
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Close(expected[i], actual[i], tolerance, $"element {i}");
    }
}
