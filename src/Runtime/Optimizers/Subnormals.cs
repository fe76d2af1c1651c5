using System.Numerics;
using System.Runtime.InteropServices;

namespace Backprop.Optimizers;

/// <summary>Numbers below 2⁻¹²⁶, for which processors take many times as long.</summary>
internal static class Subnormals
{
    /// <summary>2⁻¹²⁶, the smallest number above 0 that is not subnormal.</summary>
    public const float SmallestNormal = 1.17549435e-38f;

    /// <summary>Writes 0 in place of every subnormal number.</summary>
    public static void Flush(Span<float> values)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var smallest = new Vector<float>(SmallestNormal);
        foreach (ref Vector<float> vector in vectors)
            vector = Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(vector), smallest), Vector<float>.Zero, vector);
        foreach (ref float value in values[(vectors.Length * Vector<float>.Count)..])
        {
            if (MathF.Abs(value) < SmallestNormal)
                value = 0f;
        }
    }
}
