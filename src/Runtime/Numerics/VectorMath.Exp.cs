using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // eˣ = 2ⁿ eʳ with n = round(x / ln 2) and r = x − n ln 2, so that |r| ≤ ½ ln 2.
    // - n comes of a sum that rounds (PowerOfTwo), not of an instruction, which takes 8 cycles on Intel's processors.
    // - With fused multiply-add x − n ln 2 is first rounded once, for ln 2 rounded to a float, which lies just 1.9e-9 above ln 2.
    //   What that leaves, 1.9e-9 n, is added for the factor of the first bracket below only; in the other terms it is left out,
    //   which costs nothing near 0 and up to 0.7 ULP at the ends of the range, where |n| is 150.
    // - Without, reduction after Cody and Waite, with Cephes' split of ln 2 = 355/512 − 2.12194440e-4: the first part has 9 bits,
    //   so that its product with |n| ≤ 150 is exact; the second leaves an error below 2⁻²⁹ in r.
    // - eʳ = 1 + r q(r), where q has degree 5 and begins with 1: a minimax fit of the relative error on |r| ≤ ½ ln 2 by
    //   iteratively reweighted least squares (Lawson) in double, 3.1e-9, a twentieth of an ULP. It is evaluated as
    //   (1 + r (q₀ + q₁ r)) + r³ (q₂ + … + q₅ r³): three multiply-adds deep. The roundings of the first bracket, and the
    //   last, make up the rest.
    // - From −104 down every result rounds to 0, from 89 up to +∞; a clamp keeps r small there, and its bound comes first, so
    //   that NaN passes. 2ⁿ is multiplied last and in a way that rounds once where the result is subnormal.
    // - A result that is subnormal, or would be with a few digits more, costs an Intel processor 45 ns (Emerald Rapids; vscalefps 70, down to 2⁻⁴⁵⁰), so that what is far
    //   below is put further down, where it is 0 at once; and where it does not matter, in gradients, nothing comes near.
    // - The processor is asked in place: behind a constant of TLanes the JIT would inline both ways before it knew which (143 functions
    //   in place of 70; src/Generator/Planning/JitBudget.cs).
    // - For x ≤ 43, without AVX-512, 2ⁿ⁺⁶⁴ is a normal number and costs one shift: the sum that rounds to n has it in its low
    //   bits. r and 1 are multiplied by it before the series, where that delays nothing, and the result by 2⁻⁶⁴, which rounds into
    //   the subnormals. Since e^(1.9e-9 n) is 1 + 1.9e-9 n in a float's precision, that last factor takes in what the reduction
    //   left, exactly where n is 0; r then has it nowhere. It is rounded to half an ULP of 1 in the worst case.
    // - A softmax's exponentials are wanted over their sum only. e^(x − largest) would have all its steps behind the search for the largest. Where every x is small, as it
    //   mostly is, they are taken of x itself; whether they are is a branch, which the processor guesses right, so that it waits for nothing.

    private const float InverseLn2 = 1.44269504f;
    private const float Ln2 = 0.693147182f;
    private const float Ln2Error = 1.90465421e-9f; // Ln2 − ln 2
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float DeepUnderflow = -131f; // 2⁻¹⁸⁹, of which PowerOfTwo can still make a normal number.

    /// <summary>The x below which eˣ is 0.</summary>
    public const float Underflow = -104f;

    /// <summary>
    /// The x below which eˣ, 1.3e-24, may be 0 in a softmax's δ: no parameter of more than 1e-16 would feel it, and what is multiplied with δ remains a normal number.
    /// </summary>
    public const float Negligible = -55f;

    /// <summary>eˣ, within 2 ULP; underflows gradually to 0 and overflows to +∞. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Exp<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> =>
        ScaledExp(TLanes.Max(TLanes.Create(Underflow), TLanes.Min(TLanes.Create(89f), x)));

    /// <summary><see cref="Exp"/> for an x of at most 0, such as what a softmax takes: a clamp less, and less work for the power of two.</summary>
    [MethodImpl(Inline)]
    public static TLanes ExpOfNonPositive<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> =>
        ExpOfBounded(Avx512F.VL.IsSupported ? FarBelow(Underflow, x) : TLanes.Max(TLanes.Create(DeepUnderflow), x));

    /// <summary>The same, but 0 where x is <see cref="Negligible"/>.</summary>
    [MethodImpl(Inline)]
    public static TLanes ExpOrZero<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => ExpOfBounded(FarBelow(Negligible, x));

    /// <summary>Whether every |x| is below 40: e^x, a sum of a few hundred such, and what a softmax makes of them are then far from the ends of the range.</summary>
    [MethodImpl(Inline)]
    public static bool AreSmall<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => TLanes.AllWithin(x, 40f);

    /// <summary>x − largest, for <see cref="ExpOfBounded"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="largest">At least x, in every lane.</param>
    /// <param name="least">Below this the power is to be 0: <see cref="Underflow"/>, or more.</param>
    [MethodImpl(Inline)]
    public static TLanes Below<TLanes>(TLanes x, TLanes largest, float least) where TLanes : struct, ILanes<TLanes> => FarBelow(least, x - largest);

    /// <summary><see cref="Exp"/> without its clamps, for an x that is small (<see cref="AreSmall"/>), comes of <see cref="Below"/>, or is NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes ExpOfBounded<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        if (Avx512F.VL.IsSupported) return ScaledExp(x);
        var n = TLanes.RoundProduct(x, TLanes.Create(InverseLn2), out var power);
        var nearR = Remainder(x, n, out var r);
        var lowering = TLanes.Create(1 / PowerOfTwo.Lift);
        if (Fma.IsSupported || AdvSimd.IsSupported)
        {
            lowering = TLanes.MultiplyAdd(n, TLanes.Create(Ln2Error / PowerOfTwo.Lift), lowering);
            r = nearR;
        }

        var lifted = TLanes.LiftedPower(power);
        var liftedR = r * lifted;
        return AddHighTerms(TLanes.MultiplyAdd(liftedR, LowFactor(nearR), lifted), nearR, liftedR) * lowering;
    }

    /// <summary>x, or where it is below a bound, so little that eˣ is 0 without any delay.</summary>
    [MethodImpl(Inline)]
    private static TLanes FarBelow<TLanes>(float bound, TLanes x) where TLanes : struct, ILanes<TLanes> =>
        TLanes.SelectGreater(TLanes.Create(bound), x, TLanes.Create(Avx512F.VL.IsSupported ? -400f : DeepUnderflow), x);

    /// <summary>eˣ for an x from −400 to 104, or NaN.</summary>
    [MethodImpl(Inline)]
    private static TLanes ScaledExp<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var n = TLanes.RoundProduct(x, TLanes.Create(InverseLn2), out _);
        var nearR = Remainder(x, n, out var r);
        return TLanes.ScaleByPowerOfTwo(AddHighTerms(TLanes.MultiplyAdd(r, LowFactor(nearR), TLanes.Create(1f)), nearR, nearR), n);
    }

    /// <summary>r = x − n ln 2 for an integral n, from −½ ln 2 to ½ ln 2.</summary>
    /// <returns>r but for what ln 2 rounded to a float leaves, one multiply-add earlier.</returns>
    [MethodImpl(Inline)]
    private static TLanes Remainder<TLanes>(TLanes x, TLanes n, out TLanes r) where TLanes : struct, ILanes<TLanes>
    {
        if (Fma.IsSupported || AdvSimd.IsSupported)
        {
            var nearR = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2), x);
            r = TLanes.MultiplyAdd(n, TLanes.Create(Ln2Error), nearR);
            return nearR;
        }

        return r = TLanes.MultiplyAdd(n, TLanes.Create(-Ln2Low), TLanes.MultiplyAdd(n, TLanes.Create(-Ln2High), x));
    }

    /// <summary>q₀ + q₁ r.</summary>
    [MethodImpl(Inline)]
    private static TLanes LowFactor<TLanes>(TLanes r) where TLanes : struct, ILanes<TLanes> => Polynomial(r, 1f, 0.499999934f);

    /// <summary>eʳ times a unit: r³ (q₂ + … + q₅ r³) is added to the terms of the first bracket.</summary>
    /// <param name="low">1 + r (q₀ + q₁ r), times the unit.</param>
    /// <param name="r">r.</param>
    /// <param name="units">r times the unit.</param>
    [MethodImpl(Inline)]
    private static TLanes AddHighTerms<TLanes>(TLanes low, TLanes r, TLanes units) where TLanes : struct, ILanes<TLanes>
    {
        var square = r * r;
        var high = TLanes.MultiplyAdd(Polynomial(r, 0.00836874513f, 0.00138145399f), square, Polynomial(r, 0.166665204f, 0.0416683908f));
        return TLanes.MultiplyAdd(square * units, high, low);
    }
}
