namespace Backprop.Numerics;

/// <summary>
/// How lanes without AVX-512's <c>vscalefps</c> make powers of two. A float from 2²³ to 2²⁴ has its unit in the last bit, so that
/// an addition of <see cref="Shift"/> rounds to an integer n and leaves it in the low bits; moved up by 23 they are the
/// exponent of a float. With <see cref="Bias"/> added as well, that is 2ⁿ · <see cref="Lift"/>, a normal number for every n from
/// −190 to 63, where 2ⁿ itself would be subnormal or 0 from −127 down.
/// </summary>
internal static class PowerOfTwo
{
    /// <summary>1.5 · 2²³: its low 9 bits are 0, and stay clear of carries for negative n.</summary>
    public const float Shift = 12582912;

    /// <summary>2⁶⁴.</summary>
    public const float Lift = 18446744073709551616f;

    /// <summary>The exponent of <see cref="Lift"/> as a float has it.</summary>
    public const float Bias = 64 + 127;
}
