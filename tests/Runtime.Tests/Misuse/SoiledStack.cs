using System.Runtime.CompilerServices;

namespace Runtime.Tests.Misuse;

/// <summary>What scratch finds on the stack, since it is not zeroed.</summary>
internal static class SoiledStack
{
    /// <summary>The bits of a subnormal number: as a constant of type float the JIT itself computes with it.</summary>
    public const int Subnormal = 0x12345;

    /// <summary>The bits of a number that is none.</summary>
    public const int NaN = 0x7FC00000;

    /// <summary>Leaves a number everywhere where the next call has its scratch.</summary>
    /// <param name="bits">The number's bits.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void With(int bits)
    {
        Span<int> stack = stackalloc int[24 * 1024];
        stack.Fill(bits);
    }
}
