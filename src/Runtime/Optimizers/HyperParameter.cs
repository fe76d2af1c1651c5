using System.Globalization;

namespace Backprop.Optimizers;

/// <summary>Checks of hyper-parameters, made before a step writes anything.</summary>
internal static class HyperParameter
{
    /// <exception cref="ArgumentException">The value is negative, infinite or NaN.</exception>
    public static void RequireNonNegative(float value, string name)
    {
        if (!(value >= 0f && float.IsFinite(value))) throw Wrong(value, name, "a finite number of at least 0");
    }

    /// <exception cref="ArgumentException">The value is not positive, or infinite.</exception>
    public static void RequirePositive(float value, string name)
    {
        if (!(value > 0f && float.IsFinite(value))) throw Wrong(value, name, "a finite number above 0");
    }

    /// <exception cref="ArgumentException">The value is not in [0, 1).</exception>
    public static void RequireDecay(float value, string name)
    {
        if (!(value is >= 0f and < 1f)) throw Wrong(value, name, "at least 0 and below 1");
    }

    private static ArgumentException Wrong(float value, string name, string rule) =>
        new($"{name} must be {rule}, but it is {value.ToString(CultureInfo.InvariantCulture)}.", name);
}
