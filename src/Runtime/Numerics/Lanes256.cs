using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

/// <summary>8 lanes: a 256-bit vector.</summary>
public readonly struct Lanes256 : ILanes<Lanes256>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

#pragma warning disable CS0649 // The conversion below sets it.
    private readonly Vector256<float> _value;
#pragma warning restore CS0649

    /// <summary>The lanes of a hardware vector.</summary>
    [MethodImpl(Inline)]
    public static implicit operator Lanes256(Vector256<float> value) => Unsafe.BitCast<Vector256<float>, Lanes256>(value);

    /// <summary>The hardware vector of these lanes.</summary>
    [MethodImpl(Inline)]
    public static implicit operator Vector256<float>(Lanes256 value) => value._value;

    /// <inheritdoc/>
    public static int Count
    {
        [MethodImpl(Inline)]
        get => 8;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 Create(float value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 Load(ref readonly float source, int index) => Vector256.LoadUnsafe(in source, (nuint)index);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 LoadFirst(ref readonly float source, int index, int count)
    {
        if (count >= Count) return Load(in source, index);
        if (count <= 4) return Vector256.Create(Lanes128.LoadFirst(in source, index, count), Vector128<float>.Zero);
        return Vector256.Create(Lanes128.Load(in source, index), Lanes128.LoadFirst(in source, index + 4, count - 4));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(Lanes256 value, ref float destination, int index) =>
        value._value.StoreUnsafe(ref destination, (nuint)index);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreFirst(Lanes256 value, ref float destination, int index, int count)
    {
        if (count >= Count)
        {
            Store(value, ref destination, index);
        }
        else if (count <= 4)
        {
            Lanes128.StoreFirst(value._value.GetLower(), ref destination, index, count);
        }
        else
        {
            Lanes128.Store(value._value.GetLower(), ref destination, index);
            Lanes128.StoreFirst(value._value.GetUpper(), ref destination, index + 4, count - 4);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 operator +(Lanes256 x, Lanes256 y) => x._value + y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 operator -(Lanes256 x, Lanes256 y) => x._value - y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 operator *(Lanes256 x, Lanes256 y) => x._value * y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 operator /(Lanes256 x, Lanes256 y) => x._value / y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 operator &(Lanes256 x, Lanes256 y) => x._value & y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 operator -(Lanes256 x) => x._value ^ Vector256.Create(-0f);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 MultiplyAdd(Lanes256 x, Lanes256 y, Lanes256 z)
    {
#if NET9_0_OR_GREATER
        return Vector256.MultiplyAddEstimate(x._value, y._value, z._value);
#else
        if (Fma.IsSupported) return Fma.MultiplyAdd(x._value, y._value, z._value);
        return x * y + z;
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 NegatedMultiplyAdd(Lanes256 x, Lanes256 y, Lanes256 z)
    {
        if (Fma.IsSupported) return Fma.MultiplyAddNegated(x._value, y._value, z._value);
        return z - x * y;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 Min(Lanes256 x, Lanes256 y)
    {
#if NET9_0_OR_GREATER
        return Vector256.MinNative(x._value, y._value);
#else
        if (Avx.IsSupported) return Avx.Min(x._value, y._value);
        return Vector256.ConditionalSelect(Vector256.LessThan(x._value, y._value), x._value, y._value);
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 Max(Lanes256 x, Lanes256 y)
    {
#if NET9_0_OR_GREATER
        return Vector256.MaxNative(x._value, y._value);
#else
        if (Avx.IsSupported) return Avx.Max(x._value, y._value);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(x._value, y._value), x._value, y._value);
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 Abs(Lanes256 x) => Vector256.Abs(x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 NegativeAbs(Lanes256 x) => x._value | Vector256.Create(-0f);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 Sqrt(Lanes256 x) => Vector256.Sqrt(x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 ReciprocalSqrtEstimate(Lanes256 x) => Avx512F.VL.IsSupported ? Avx512F.VL.ReciprocalSqrt14(x._value) : Create(1f) / Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static bool AllWithin(Lanes256 x, float bound) => Vector256.LessThanAll(Abs(x)._value, Vector256.Create(bound));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 Round(Lanes256 x)
    {
#if NET9_0_OR_GREATER
        return Vector256.Round(x._value);
#else
        if (Avx.IsSupported) return Avx.RoundToNearestInteger(x._value);
        return Vector256.Create(Lanes128.Round(x._value.GetLower()), Lanes128.Round(x._value.GetUpper()));
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 CopySign(Lanes256 x, Lanes256 sign) => Vector256.ConditionalSelect(Vector256.Create(-0f), sign._value, x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 ScaleByPowerOfTwo(Lanes256 x, Lanes256 n)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.Scale(x._value, n._value);
        // 2ⁿ itself may lie outside of the normal numbers; each of its halves is one. The low bits of the sum hold n + 254.
        var whole = (n._value + Vector256.Create(PowerOfTwo.Shift + 254f)).AsInt32();
        var half = whole >> 1;
        return x._value * (half << 23).AsSingle() * ((whole - half) << 23).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 RoundProduct(Lanes256 x, Lanes256 y, out Lanes256 power)
    {
        power = MultiplyAdd(x, y, Create(PowerOfTwo.Shift + PowerOfTwo.Bias));
        return power - Create(PowerOfTwo.Shift + PowerOfTwo.Bias);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 LiftedPower(Lanes256 power) => (power._value.AsInt32() << 23).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 SplitExponent(Lanes256 x, out Lanes256 n)
    {
        // The exponent field counts from √½ instead of 1 once the bits of √½ are taken off.
        var bits = x._value.AsInt32();
        var exponent = (bits - Vector256.Create(BitConverter.SingleToInt32Bits(0.70710678f))) >> 23;
        n = Vector256.ConvertToSingle(exponent);
        return (bits - (exponent << 23)).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 GreaterThan(Lanes256 x, Lanes256 y) => Vector256.GreaterThan(x._value, y._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 IsNaN(Lanes256 x) => ~Vector256.Equals(x._value, x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 x, Lanes256 y) => Vector256.ConditionalSelect(mask._value, x._value, y._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 SelectGreater(Lanes256 x, Lanes256 y, Lanes256 greater, Lanes256 otherwise) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(x._value, y._value), greater._value, otherwise._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 FirstLanes(int count) =>
        Vector256.LessThan(Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7), Vector256.Create(count)).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 KeepFirst(Lanes256 x, int count) => x & FirstLanes(count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 KeepLast(Lanes256 x, int count) => Vector256.AndNot(x._value, FirstLanes(Count - count)._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float SumAcross(Lanes256 x) => Lanes128.SumAcross(x._value.GetLower() + x._value.GetUpper());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 SumEach(Lanes256 x0, Lanes256 x1, Lanes256 x2, Lanes256 x3)
    {
        Vector256<float> fours = Transposition.SumFours(x0._value, x1._value, x2._value, x3._value);
        return fours.GetLower() + fours.GetUpper();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 SumInEveryLane(Lanes256 x) => Create(SumAcross(x));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256 MaxInEveryLane(Lanes256 x)
    {
        Vector128<float> largest = Lanes128.MaxInEveryLane(Lanes128.Max(x._value.GetLower(), x._value.GetUpper()));
        return Create(largest.ToScalar());
    }
}
