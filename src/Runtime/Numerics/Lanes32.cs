using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

/// <summary>One lane: the portable path, for machines without hardware vectors.</summary>
public readonly struct Lanes32 : ILanes<Lanes32>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly float _value;

    [MethodImpl(Inline)]
    private Lanes32(float value) => _value = value;

    /// <summary>The lane of a float.</summary>
    [MethodImpl(Inline)]
    public static implicit operator Lanes32(float value) => new(value);

    /// <summary>The float of this lane.</summary>
    [MethodImpl(Inline)]
    public static implicit operator float(Lanes32 value) => value._value;

    /// <inheritdoc/>
    public static int Count
    {
        [MethodImpl(Inline)]
        get => 1;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 Create(float value) => value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 Load(ref readonly float source, int index) => Unsafe.Add(ref Unsafe.AsRef(in source), index);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 LoadFirst(ref readonly float source, int index, int count) => count > 0 ? Load(in source, index) : 0f;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(Lanes32 value, ref float destination, int index) => Unsafe.Add(ref destination, index) = value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreFirst(Lanes32 value, ref float destination, int index, int count)
    {
        if (count > 0) Store(value, ref destination, index);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 operator +(Lanes32 x, Lanes32 y) => x._value + y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 operator -(Lanes32 x, Lanes32 y) => x._value - y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 operator *(Lanes32 x, Lanes32 y) => x._value * y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 operator /(Lanes32 x, Lanes32 y) => x._value / y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 operator &(Lanes32 x, Lanes32 y) => FromBits(Bits(x) & Bits(y));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 operator -(Lanes32 x) => -x._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 MultiplyAdd(Lanes32 x, Lanes32 y, Lanes32 z)
    {
#if NET9_0_OR_GREATER
        return float.MultiplyAddEstimate(x._value, y._value, z._value);
#else
        // Without the instruction, MathF.FusedMultiplyAdd is emulated, many times slower than two roundings.
        return Fma.IsSupported || AdvSimd.IsSupported ? MathF.FusedMultiplyAdd(x._value, y._value, z._value) : x._value * y._value + z._value;
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 NegatedMultiplyAdd(Lanes32 x, Lanes32 y, Lanes32 z) => MultiplyAdd(-x, y, z);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 Min(Lanes32 x, Lanes32 y)
    {
#if NET9_0_OR_GREATER
        return float.MinNative(x._value, y._value);
#else
        return x._value < y._value ? x : y;
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 Max(Lanes32 x, Lanes32 y)
    {
#if NET9_0_OR_GREATER
        return float.MaxNative(x._value, y._value);
#else
        return x._value > y._value ? x : y;
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 Abs(Lanes32 x) => MathF.Abs(x);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 NegativeAbs(Lanes32 x) => -MathF.Abs(x);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 Sqrt(Lanes32 x) => MathF.Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 ReciprocalSqrtEstimate(Lanes32 x) =>
        Avx512F.IsSupported ? Avx512F.ReciprocalSqrt14Scalar(Vector128.CreateScalarUnsafe(x._value)).ToScalar() : 1f / MathF.Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static bool AllWithin(Lanes32 x, float bound) => MathF.Abs(x._value) < bound;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 Round(Lanes32 x) => MathF.Round(x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 CopySign(Lanes32 x, Lanes32 sign) => MathF.CopySign(x, sign);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 ScaleByPowerOfTwo(Lanes32 x, Lanes32 n)
    {
        if (Avx512F.IsSupported) return Avx512F.ScaleScalar(Vector128.CreateScalarUnsafe(x._value), Vector128.CreateScalarUnsafe(n._value)).ToScalar();
        // 2ⁿ itself may lie outside of the normal numbers; each of its halves is one. The low bits of the sum hold n + 254.
        var whole = Bits(n + Create(PowerOfTwo.Shift + 254f));
        var half = whole >> 1;
        return x * FromBits(half << 23) * FromBits((whole - half) << 23);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 RoundProduct(Lanes32 x, Lanes32 y, out Lanes32 power)
    {
        power = MultiplyAdd(x, y, Create(PowerOfTwo.Shift + PowerOfTwo.Bias));
        return power - Create(PowerOfTwo.Shift + PowerOfTwo.Bias);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 LiftedPower(Lanes32 power) => FromBits(Bits(power) << 23);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 SplitExponent(Lanes32 x, out Lanes32 n)
    {
        // The exponent field counts from √½ instead of 1 once the bits of √½ are taken off.
        var exponent = (Bits(x) - Bits(0.70710678f)) >> 23;
        n = (float)exponent;
        return FromBits(Bits(x) - (exponent << 23));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 GreaterThan(Lanes32 x, Lanes32 y) => Mask(x._value > y._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 IsNaN(Lanes32 x) => Mask(float.IsNaN(x));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 Select(Lanes32 mask, Lanes32 x, Lanes32 y) => Bits(mask) != 0 ? x : y;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 SelectGreater(Lanes32 x, Lanes32 y, Lanes32 greater, Lanes32 otherwise) =>
        x._value > y._value ? greater : otherwise;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 FirstLanes(int count) => count > 0 ? BitConverter.Int32BitsToSingle(-1) : 0f;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 KeepFirst(Lanes32 x, int count) => count > 0 ? x : 0f;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 KeepLast(Lanes32 x, int count) => KeepFirst(x, count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float SumAcross(Lanes32 x) => x;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 SumEach(Lanes32 x0, Lanes32 x1, Lanes32 x2, Lanes32 x3) => Vector128.Create((float)x0, x1, x2, x3);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 SumInEveryLane(Lanes32 x) => x;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes32 MaxInEveryLane(Lanes32 x) => x;

    [MethodImpl(Inline)]
    private static int Bits(Lanes32 x) => BitConverter.SingleToInt32Bits(x);

    [MethodImpl(Inline)]
    private static Lanes32 FromBits(int bits) => BitConverter.Int32BitsToSingle(bits);

    [MethodImpl(Inline)]
    private static Lanes32 Mask(bool set) => FromBits(set ? -1 : 0);
}
