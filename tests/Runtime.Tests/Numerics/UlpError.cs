namespace Backprop.Tests.Numerics;

/// <summary>Errors in units of the last place of single precision.</summary>
internal static class UlpError
{
    /// <summary>The distance from the correctly rounded value.</summary>
    public static double OfRounded(float actual, double exact)
    {
        var rounded = (float)exact;
        return rounded == actual ? 0 : Of(actual, exact, rounded);
    }

    /// <summary>The distance from the exact value.</summary>
    public static double OfExact(float actual, double exact) =>
        (float)exact == actual && float.IsInfinity(actual) ? 0 : Of(actual, exact, exact);

    private static double Of(float actual, double exact, double from)
    {
        if (float.IsNaN(actual) || double.IsNaN(exact)) return float.IsNaN(actual) == double.IsNaN(exact) ? 0 : double.PositiveInfinity;
        if (float.IsInfinity(actual) || double.IsInfinity(exact)) return double.PositiveInfinity;
        return Math.Abs(actual - from) / Unit((float)exact);
    }

    // 2^(exponent − 23), or the step of the subnormals.
    private static double Unit(float value)
    {
        var exponent = (BitConverter.SingleToInt32Bits(value) >> 23) & 255;
        return exponent <= 1 ? float.Epsilon : BitConverter.Int64BitsToDouble((long)(exponent - 127 - 23 + 1023) << 52);
    }
}
