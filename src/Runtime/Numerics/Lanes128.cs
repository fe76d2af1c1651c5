using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

/// <summary>4 lanes: a 128-bit vector.</summary>
public readonly struct Lanes128 : ILanes<Lanes128>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

#pragma warning disable CS0649 // The conversion below sets it.
    private readonly Vector128<float> _value;
#pragma warning restore CS0649

    /// <summary>The lanes of a hardware vector.</summary>
    [MethodImpl(Inline)]
    public static implicit operator Lanes128(Vector128<float> value) => Unsafe.BitCast<Vector128<float>, Lanes128>(value);

    /// <summary>The hardware vector of these lanes.</summary>
    [MethodImpl(Inline)]
    public static implicit operator Vector128<float>(Lanes128 value) => value._value;

    /// <inheritdoc/>
    public static int Count
    {
        [MethodImpl(Inline)]
        get => 4;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 Create(float value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 Load(ref readonly float source, int index) => Vector128.LoadUnsafe(in source, (nuint)index);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 LoadFirst(ref readonly float source, int index, int count)
    {
        ref readonly var first = ref Unsafe.Add(ref Unsafe.AsRef(in source), index);
        return count switch
        {
            <= 0 => Vector128<float>.Zero,
            1 => Vector128.CreateScalar(first),
            2 => LoadPair(in first),
            3 => LoadPair(in first).WithElement(2, Unsafe.Add(ref Unsafe.AsRef(in first), 2)),
            _ => Vector128.LoadUnsafe(in first),
        };
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(Lanes128 value, ref float destination, int index) =>
        value._value.StoreUnsafe(ref destination, (nuint)index);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreFirst(Lanes128 value, ref float destination, int index, int count)
    {
        ref var first = ref Unsafe.Add(ref destination, index);
        switch (count)
        {
            case <= 0:
                break;
            case 1:
                first = value._value.ToScalar();
                break;
            case 2:
                StorePair(value, ref first);
                break;
            case 3:
                StorePair(value, ref first);
                Unsafe.Add(ref first, 2) = value._value.GetElement(2);
                break;
            default:
                value._value.StoreUnsafe(ref first);
                break;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 operator +(Lanes128 x, Lanes128 y) => x._value + y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 operator -(Lanes128 x, Lanes128 y) => x._value - y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 operator *(Lanes128 x, Lanes128 y) => x._value * y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 operator /(Lanes128 x, Lanes128 y) => x._value / y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 operator &(Lanes128 x, Lanes128 y) => x._value & y._value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 operator -(Lanes128 x) => x._value ^ Vector128.Create(-0f);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 MultiplyAdd(Lanes128 x, Lanes128 y, Lanes128 z)
    {
#if NET9_0_OR_GREATER
        return Vector128.MultiplyAddEstimate(x._value, y._value, z._value);
#else
        if (Fma.IsSupported) return Fma.MultiplyAdd(x._value, y._value, z._value);
        if (AdvSimd.IsSupported) return AdvSimd.FusedMultiplyAdd(z, x, y);
        return x * y + z;
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 NegatedMultiplyAdd(Lanes128 x, Lanes128 y, Lanes128 z)
    {
        if (Fma.IsSupported) return Fma.MultiplyAddNegated(x._value, y._value, z._value);
        if (AdvSimd.IsSupported) return AdvSimd.FusedMultiplySubtract(z._value, x._value, y._value);
        return z - x * y;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 Min(Lanes128 x, Lanes128 y)
    {
#if NET9_0_OR_GREATER
        return Vector128.MinNative(x._value, y._value);
#else
        if (Sse.IsSupported) return Sse.Min(x._value, y._value);
        return Vector128.ConditionalSelect(Vector128.LessThan(x._value, y._value), x._value, y._value);
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 Max(Lanes128 x, Lanes128 y)
    {
#if NET9_0_OR_GREATER
        return Vector128.MaxNative(x._value, y._value);
#else
        if (Sse.IsSupported) return Sse.Max(x._value, y._value);
        return Vector128.ConditionalSelect(Vector128.GreaterThan(x._value, y._value), x._value, y._value);
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 Abs(Lanes128 x) => Vector128.Abs(x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 NegativeAbs(Lanes128 x) => x._value | Vector128.Create(-0f);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 Sqrt(Lanes128 x) => Vector128.Sqrt(x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 ReciprocalSqrtEstimate(Lanes128 x) => Avx512F.VL.IsSupported ? Avx512F.VL.ReciprocalSqrt14(x._value) : Create(1f) / Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static bool AllWithin(Lanes128 x, float bound) => Vector128.LessThanAll(Abs(x)._value, Vector128.Create(bound));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 Round(Lanes128 x)
    {
#if NET9_0_OR_GREATER
        return Vector128.Round(x._value);
#else
        if (Sse41.IsSupported) return Sse41.RoundToNearestInteger(x._value);
        if (AdvSimd.IsSupported) return AdvSimd.RoundToNearest(x);
        Vector128<float> v = x;
        return Vector128.Create(MathF.Round(v[0]), MathF.Round(v[1]), MathF.Round(v[2]), MathF.Round(v[3]));
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 CopySign(Lanes128 x, Lanes128 sign) => Vector128.ConditionalSelect(Vector128.Create(-0f), sign._value, x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 ScaleByPowerOfTwo(Lanes128 x, Lanes128 n)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.Scale(x._value, n._value);
        // 2ⁿ itself may lie outside of the normal numbers; each of its halves is one. The low bits of the sum hold n + 254.
        var whole = (n._value + Vector128.Create(PowerOfTwo.Shift + 254f)).AsInt32();
        var half = whole >> 1;
        return x._value * (half << 23).AsSingle() * ((whole - half) << 23).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 RoundProduct(Lanes128 x, Lanes128 y, out Lanes128 power)
    {
        power = MultiplyAdd(x, y, Create(PowerOfTwo.Shift + PowerOfTwo.Bias));
        return power - Create(PowerOfTwo.Shift + PowerOfTwo.Bias);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 LiftedPower(Lanes128 power) => (power._value.AsInt32() << 23).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 SplitExponent(Lanes128 x, out Lanes128 n)
    {
        // The exponent field counts from √½ instead of 1 once the bits of √½ are taken off.
        var bits = x._value.AsInt32();
        var exponent = (bits - Vector128.Create(BitConverter.SingleToInt32Bits(0.70710678f))) >> 23;
        n = Vector128.ConvertToSingle(exponent);
        return (bits - (exponent << 23)).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 GreaterThan(Lanes128 x, Lanes128 y) => Vector128.GreaterThan(x._value, y._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 IsNaN(Lanes128 x) => ~Vector128.Equals(x._value, x._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 x, Lanes128 y) => Vector128.ConditionalSelect(mask._value, x._value, y._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 SelectGreater(Lanes128 x, Lanes128 y, Lanes128 greater, Lanes128 otherwise) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(x._value, y._value), greater._value, otherwise._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 FirstLanes(int count) =>
        Vector128.LessThan(Vector128.Create(0, 1, 2, 3), Vector128.Create(count)).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 KeepFirst(Lanes128 x, int count) => x & FirstLanes(count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 KeepLast(Lanes128 x, int count) => Vector128.AndNot(x._value, FirstLanes(Count - count)._value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float SumAcross(Lanes128 x) => SumInEveryLane(x)._value.ToScalar();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 SumEach(Lanes128 x0, Lanes128 x1, Lanes128 x2, Lanes128 x3) => Transposition.SumEach(x0, x1, x2, x3);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 SumInEveryLane(Lanes128 x)
    {
        var pairs = x._value + Vector128.Shuffle(x._value, Vector128.Create(2, 3, 0, 1));
        return pairs + Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128 MaxInEveryLane(Lanes128 x)
    {
        var pairs = Max(x, Vector128.Shuffle(x._value, Vector128.Create(2, 3, 0, 1)));
        return Max(pairs, Vector128.Shuffle(pairs._value, Vector128.Create(1, 0, 3, 2)));
    }

    [MethodImpl(Inline)]
    private static Vector128<float> LoadPair(ref readonly float source) =>
        Vector128.CreateScalar(Unsafe.ReadUnaligned<double>(ref Unsafe.As<float, byte>(ref Unsafe.AsRef(in source)))).AsSingle();

    [MethodImpl(Inline)]
    private static void StorePair(Lanes128 value, ref float destination) =>
        Unsafe.WriteUnaligned(ref Unsafe.As<float, byte>(ref destination), value._value.AsDouble().ToScalar());
}
