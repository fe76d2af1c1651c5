using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

/// <summary>
/// One lane of a vector into every lane. A product that takes its vectors of weights from the L1 cache is bound by loads: numbers that
/// are in a register already, or arrive in pairs, leave more of them for the weights.
/// </summary>
public static class Spreading
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

#pragma warning disable CA1857 // The instructions' operands are constants once the caller's are.

    /// <summary>A quarter of a vector in each quarter of the result.</summary>
    /// <param name="x">The vector.</param>
    /// <param name="quarter">Which, from 0 to 3; a constant.</param>
    [MethodImpl(Inline)]
    public static Vector512<float> Quarter(Vector512<float> x, int quarter)
    {
        if (Avx512F.IsSupported) return Avx512F.Shuffle4x128(x, x, (byte)(quarter * 0b01_01_01_01));
        Vector256<float> half = quarter < 2 ? x.GetLower() : x.GetUpper();
        Vector128<float> part = quarter % 2 == 0 ? half.GetLower() : half.GetUpper();
        return Vector512.Create(Vector256.Create(part, part), Vector256.Create(part, part));
    }

    /// <summary>Two neighbours in memory, in every quarter of the result twice: one load spreads them.</summary>
    /// <param name="first">The first.</param>
    [MethodImpl(Inline)]
    public static Vector512<float> Pair(ref readonly float first) =>
        Vector512.Create(Unsafe.ReadUnaligned<double>(ref Unsafe.As<float, byte>(ref Unsafe.AsRef(in first)))).AsSingle();

    /// <summary>A lane of a vector whose quarters are equal in every lane of the result.</summary>
    /// <param name="x">The vector.</param>
    /// <param name="lane">Which of a quarter, from 0 to 3; a constant.</param>
    [MethodImpl(Inline)]
    public static Vector512<float> Lane(Vector512<float> x, int lane) => Avx512F.IsSupported
        ? Avx512F.Permute4x32(x, (byte)(lane * 0b01_01_01_01))
        : Vector512.Create(x.GetElement(lane));

#pragma warning restore CA1857
}
