using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

/// <summary>16 lanes: a 512-bit vector.</summary>
public readonly struct Lanes512 : ILanes<Lanes512>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

#pragma warning disable CS0649 // The conversion below sets it.
    private readonly Vector512<float> _value;
#pragma warning restore CS0649

    // Not by a constructor, which is one more method to inline, with locals of its own, for each operation: of those the JIT has only
    // so many (measured: 410 methods in place of 543 in the forward pass of 4-16-3 at 256 bits).
    /// <summary>The lanes of a hardware vector.</summary>
    [MethodImpl(Inline)]
    public static implicit operator Lanes512(Vector512<float> value) => Unsafe.BitCast<Vector512<float>, Lanes512>(value);

    /// <summary>The hardware vector of these lanes.</summary>
    [MethodImpl(Inline)]
    public static implicit operator Vector512<float>(Lanes512 value) => value._value;

    /// <inheritdoc/>
    public static int Count
    {
        [MethodImpl(Inline)]
        get => 16;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 Create(float value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 Load(ref readonly float source, int index) => Vector512.LoadUnsafe(in source, (nuint)index);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 LoadFirst(ref readonly float source, int index, int count)
    {
        if (count >= Count) return Load(in source, index);
        if (count <= 8) return Vector512.Create(Lanes256.LoadFirst(in source, index, count), Vector256<float>.Zero);
        return Vector512.Create(Lanes256.Load(in source, index), Lanes256.LoadFirst(in source, index + 8, count - 8));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(Lanes512 value, ref float destination, int index) =>
        value._value.StoreUnsafe(ref destination, (nuint)index);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreFirst(Lanes512 value, ref float destination, int index, int count)
    {
        if (count >= Count)
        {
            Store(value, ref destination, index);
        }
        else if (count <= 8)
        {
            Lanes256.StoreFirst(value._value.GetLower(), ref destination, index, count);
        }
        else
        {
            Lanes256.Store(value._value.GetLower(), ref destination, index);
            Lanes256.StoreFirst(value._value.GetUpper(), ref destination, index + 8, count - 8);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 operator +(Lanes512 x, Lanes512 y) => x._value + y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 operator -(Lanes512 x, Lanes512 y) => x._value - y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 operator *(Lanes512 x, Lanes512 y) => x._value * y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 operator /(Lanes512 x, Lanes512 y) => x._value / y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 operator &(Lanes512 x, Lanes512 y) => x._value & y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 operator -(Lanes512 x) => x._value ^ Vector512.Create(-0f);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 MultiplyAdd(Lanes512 x, Lanes512 y, Lanes512 z)
    {
#if NET9_0_OR_GREATER
        return Vector512.MultiplyAddEstimate(x._value, y._value, z._value);
#else
        if (Avx512F.IsSupported) return Avx512F.FusedMultiplyAdd(x._value, y._value, z._value);
        return x * y + z;
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 NegatedMultiplyAdd(Lanes512 x, Lanes512 y, Lanes512 z)
    {
        if (Avx512F.IsSupported) return Avx512F.FusedMultiplyAddNegated(x._value, y._value, z._value);
        return z - x * y;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 Min(Lanes512 x, Lanes512 y)
    {
#if NET9_0_OR_GREATER
        return Vector512.MinNative(x._value, y._value);
#else
        if (Avx512F.IsSupported) return Avx512F.Min(x._value, y._value);
        return Vector512.ConditionalSelect(Vector512.LessThan(x._value, y._value), x._value, y._value);
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 Max(Lanes512 x, Lanes512 y)
    {
#if NET9_0_OR_GREATER
        return Vector512.MaxNative(x._value, y._value);
#else
        if (Avx512F.IsSupported) return Avx512F.Max(x._value, y._value);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x._value, y._value), x._value, y._value);
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 Abs(Lanes512 x) => Vector512.Abs(x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 NegativeAbs(Lanes512 x) => x._value | Vector512.Create(-0f);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 Sqrt(Lanes512 x) => Vector512.Sqrt(x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 ReciprocalSqrtEstimate(Lanes512 x) => Avx512F.IsSupported ? Avx512F.ReciprocalSqrt14(x._value) : Create(1f) / Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static bool AllWithin(Lanes512 x, float bound) => Vector512.LessThanAll(Abs(x)._value, Vector512.Create(bound));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 Round(Lanes512 x)
    {
#if NET9_0_OR_GREATER
        return Vector512.Round(x._value);
#else
        if (Avx512F.IsSupported) return Avx512F.RoundScale(x._value, 0);
        return Vector512.Create(Lanes256.Round(x._value.GetLower()), Lanes256.Round(x._value.GetUpper()));
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 CopySign(Lanes512 x, Lanes512 sign) => Vector512.ConditionalSelect(Vector512.Create(-0f), sign._value, x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 ScaleByPowerOfTwo(Lanes512 x, Lanes512 n)
    {
        if (Avx512F.IsSupported) return Avx512F.Scale(x._value, n._value);
        // 2ⁿ itself may lie outside of the normal numbers; each of its halves is one. The low bits of the sum hold n + 254.
        var whole = (n._value + Vector512.Create(PowerOfTwo.Shift + 254f)).AsInt32();
        var half = whole >> 1;
        return x._value * (half << 23).AsSingle() * ((whole - half) << 23).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 RoundProduct(Lanes512 x, Lanes512 y, out Lanes512 power)
    {
        power = MultiplyAdd(x, y, Create(PowerOfTwo.Shift + PowerOfTwo.Bias));
        return power - Create(PowerOfTwo.Shift + PowerOfTwo.Bias);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 LiftedPower(Lanes512 power) => (power._value.AsInt32() << 23).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 SplitExponent(Lanes512 x, out Lanes512 n)
    {
        // The exponent field counts from √½ instead of 1 once the bits of √½ are taken off.
        var bits = x._value.AsInt32();
        var exponent = (bits - Vector512.Create(BitConverter.SingleToInt32Bits(0.70710678f))) >> 23;
        n = Vector512.ConvertToSingle(exponent);
        return (bits - (exponent << 23)).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 GreaterThan(Lanes512 x, Lanes512 y) => Vector512.GreaterThan(x._value, y._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 IsNaN(Lanes512 x) => ~Vector512.Equals(x._value, x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 x, Lanes512 y) => Vector512.ConditionalSelect(mask._value, x._value, y._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 SelectGreater(Lanes512 x, Lanes512 y, Lanes512 greater, Lanes512 otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x._value, y._value), greater._value, otherwise._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 FirstLanes(int count) =>
        Vector512.LessThan(Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), Vector512.Create(count)).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 KeepFirst(Lanes512 x, int count) => x & FirstLanes(count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 KeepLast(Lanes512 x, int count) => Vector512.AndNot(x._value, FirstLanes(Count - count)._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float SumAcross(Lanes512 x) => Lanes256.SumAcross(x._value.GetLower() + x._value.GetUpper());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 SumEach(Lanes512 x0, Lanes512 x1, Lanes512 x2, Lanes512 x3)
    {
        Vector512<float> fours = Transposition.SumFours(x0._value, x1._value, x2._value, x3._value);
        Vector256<float> halves = fours.GetLower() + fours.GetUpper();
        return halves.GetLower() + halves.GetUpper();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 SumInEveryLane(Lanes512 x)
    {
        if (!Avx512F.IsSupported) return Create(SumAcross(x));
        // Halves, quarters, pairs and neighbours exchanged: the same sums as across, with nothing to spread afterwards.
        Vector512<float> sum = x._value;
        sum += Avx512F.Shuffle4x128(sum, sum, 0b_01_00_11_10);
        sum += Avx512F.Shuffle4x128(sum, sum, 0b_10_11_00_01);
        sum += Avx512F.Permute4x32(sum, 0b_01_00_11_10);
        return sum + Avx512F.Permute4x32(sum, 0b_10_11_00_01);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512 MaxInEveryLane(Lanes512 x)
    {
        Vector256<float> half = Lanes256.Max(x._value.GetLower(), x._value.GetUpper());
        Vector128<float> largest = Lanes128.MaxInEveryLane(Lanes128.Max(half.GetLower(), half.GetUpper()));
        return Create(largest.ToScalar());
    }
}
