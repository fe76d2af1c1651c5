using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

public static partial class VectorMath
{
    // Implementation notes
    //
    // With x = n ln 2 + r as for eˣ and eʳ = P / M, σ(x) = eˣ / (eˣ + 1) = 2ⁿ P / (2ⁿ P + M): the division of the rational function is
    // the one that σ needs anyway, so that degree 3 does what the polynomial of eˣ has degree 6 for.
    // - P = A + r B and M = A − r B with A = 1 + r²/10 and B = ½ + r²/120, the Padé approximant of eʳ (of degrees 3 and 3; C. Hermite's): 2e-9
    //   at |r| = ½ ln 2, a sixtieth of an ULP. An error of A goes into both and mostly cancels.
    // - Both terms are multiplied by 2⁶⁴, by their coefficients. Then the first is a normal number, and exact but for P, for every
    //   x down to −104, where the result is 0; and the quotient, rounded once, keeps its relative accuracy as far as there are
    //   floats, which ½ + ½ tanh(½ x) would not. It is ready early: only P, a multiply-add and the division follow one another.
    // - vscalefps multiplies P by any power of two. Beside it the sum takes 2ⁿ, which is rounded where it is subnormal and 0 below:
    //   there it is lost beside M anyway. Without AVX-512 it is 2ⁿ that has the 2⁶⁴, P that has not, and M two instructions more.
    // - A clamp would be 8 cycles of the 60 that one sample waits for: it is behind a branch, which is guessed right where no x is 40 or more, as it mostly is.
    // - The result lies in [0, 1]: the division is correctly rounded, and its numerator is not the larger part. From 17.4 up M
    //   is less than half an ULP of the sum, so that the result is 1 exactly; up to 40, 2ⁿ⁺⁶⁴ is in range.
    // - Errors: r's rounding a quarter of an ULP, P and M a half each, the sum and the quotient half an ULP each.

    /// <summary>The logistic sigmoid 1 / (1 + e⁻ˣ), within 4 ULP down to the subnormals; always in [0, 1]. NaN gives NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Sigmoid<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        if (!AreSmall(x)) x = TLanes.Max(TLanes.Create(-104f), TLanes.Min(TLanes.Create(18f), x));
        var numerator = SigmoidTerms(x, out var sum, out _);
        return numerator / sum;
    }

    /// <summary>σ(x) and 1 − σ(x), with nothing cancelled, by one division: each has a rounding more than <see cref="Sigmoid"/>.</summary>
    /// <param name="x">From −104.5, where σ is 0, to 25, where 1 − σ is 1.4e-11, or NaN.</param>
    /// <param name="complement">1 − σ(x).</param>
    [MethodImpl(Inline)]
    internal static TLanes SigmoidUpTo25<TLanes>(TLanes x, out TLanes complement) where TLanes : struct, ILanes<TLanes>
    {
        var numerator = SigmoidTerms(x, out var sum, out var rest);
        var reciprocal = TLanes.Create(1f) / sum;
        complement = rest * reciprocal;
        return numerator * reciprocal;
    }

    /// <summary>σ(x) as a quotient of normal numbers.</summary>
    /// <param name="x">From −104.5 to 42, or NaN.</param>
    /// <param name="sum">The denominator.</param>
    /// <param name="rest">The denominator without the numerator.</param>
    /// <returns>The numerator.</returns>
    [MethodImpl(Inline)]
    private static TLanes SigmoidTerms<TLanes>(TLanes x, out TLanes sum, out TLanes rest) where TLanes : struct, ILanes<TLanes>
    {
        const float lift = PowerOfTwo.Lift;
        var n = TLanes.RoundProduct(x, TLanes.Create(InverseLn2), out var power);
        var nearR = Remainder(x, n, out var r);
        if (Avx512F.VL.IsSupported) return ScaledTerms(n, nearR, r, out sum, out rest);
        var square = nearR * nearR;
        var odd = Polynomial(square, 0.5f, 1f / 120);
        var plus = TLanes.MultiplyAdd(r, odd, Polynomial(square, 1f, 0.1f));
        rest = TLanes.MultiplyAdd(r * TLanes.Create(-lift), odd, Polynomial(square, lift, 0.1f * lift));
        var lifted = TLanes.LiftedPower(power);
        sum = TLanes.MultiplyAdd(plus, lifted, rest);
        return plus * lifted;
    }

    /// <summary>The same from n and r, by vscalefps.</summary>
    [MethodImpl(Inline)]
    private static TLanes ScaledTerms<TLanes>(TLanes n, TLanes nearR, TLanes r, out TLanes sum, out TLanes rest) where TLanes : struct, ILanes<TLanes>
    {
        const float lift = PowerOfTwo.Lift;
        var square = nearR * nearR;
        var odd = Polynomial(square, 0.5f * lift, lift / 120);
        var even = Polynomial(square, lift, 0.1f * lift);
        var plus = TLanes.MultiplyAdd(r, odd, even);
        rest = TLanes.NegatedMultiplyAdd(r, odd, even);
        sum = TLanes.MultiplyAdd(plus, TLanes.ScaleByPowerOfTwo(TLanes.Create(1f), n), rest);
        return TLanes.ScaleByPowerOfTwo(plus, n);
    }
}
