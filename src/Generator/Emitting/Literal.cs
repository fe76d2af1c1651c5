using System.Globalization;

namespace Backprop.Generator.Emitting;

/// <summary>The one place where numbers become source, the same in every culture.</summary>
internal static class Literal
{
    /// <summary>A float that reads back as the same bits.</summary>
    public static string Of(float value) =>
        float.IsNaN(value) ? "float.NaN"
        : float.IsPositiveInfinity(value) ? "float.PositiveInfinity"
        : float.IsNegativeInfinity(value) ? "float.NegativeInfinity"
        : value.ToString("G9", CultureInfo.InvariantCulture) + "f";
}
