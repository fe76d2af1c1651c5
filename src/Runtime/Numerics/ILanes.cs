namespace Backprop.Numerics;

/// <summary>
/// One hardware vector of floats, so that a formula is written once and compiled for every width: 16 lanes
/// (<c>Lanes512</c>), 8 (<c>Lanes256</c>), 4 (<c>Lanes128</c>) and the single lane of the portable path (<c>Lanes32</c>).
/// Implementations wrap the hardware type and nothing else; the JIT sees through them, so that no wrapper is left in the
/// machine code. Masks are lanes too: all bits set, or none.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The value in every lane.</summary>
    static abstract TSelf Create(float value);

    /// <summary>Reads <see cref="Count"/> floats that begin <paramref name="index"/> floats after <paramref name="source"/>.</summary>
    static abstract TSelf Load(ref readonly float source, int index);

    /// <summary>Reads the first <paramref name="count"/> (0 to <see cref="Count"/>) floats and nothing beyond; the other lanes are 0.</summary>
    static abstract TSelf LoadFirst(ref readonly float source, int index, int count);

    /// <summary>Writes all lanes.</summary>
    static abstract void Store(TSelf value, ref float destination, int index);

    /// <summary>Writes the first <paramref name="count"/> lanes and nothing beyond.</summary>
    static abstract void StoreFirst(TSelf value, ref float destination, int index, int count);

    /// <summary>x + y.</summary>
    static abstract TSelf operator +(TSelf x, TSelf y);

    /// <summary>x − y.</summary>
    static abstract TSelf operator -(TSelf x, TSelf y);

    /// <summary>x · y.</summary>
    static abstract TSelf operator *(TSelf x, TSelf y);

    /// <summary>x / y.</summary>
    static abstract TSelf operator /(TSelf x, TSelf y);

    /// <summary>Bitwise and: of a value and a mask, say.</summary>
    static abstract TSelf operator &(TSelf x, TSelf y);

    /// <summary>−x.</summary>
    static abstract TSelf operator -(TSelf x);

    /// <summary>x · y + z, rounded once where the hardware has a fused multiply-add, else twice.</summary>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf z);

    /// <summary>z − x · y, rounded as <see cref="MultiplyAdd"/> rounds.</summary>
    static abstract TSelf NegatedMultiplyAdd(TSelf x, TSelf y, TSelf z);

    /// <summary>The smaller of the two. A NaN <paramref name="y"/> is the result; what a NaN <paramref name="x"/> gives depends on
    /// the hardware (x86 gives <paramref name="y"/>), so a clamp that keeps NaN has its bound first: <c>Min(bound, x)</c>.</summary>
    static abstract TSelf Min(TSelf x, TSelf y);

    /// <summary>The larger of the two. NaN is treated as in <see cref="Min"/>.</summary>
    static abstract TSelf Max(TSelf x, TSelf y);

    /// <summary>|x|.</summary>
    static abstract TSelf Abs(TSelf x);

    /// <summary>−|x|.</summary>
    static abstract TSelf NegativeAbs(TSelf x);

    /// <summary>√x, correctly rounded.</summary>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary>1/√x for a normal number x above 0: with a relative error of at most 2⁻¹⁴ where AVX-512 has an instruction for it, the same for every width; elsewhere with two roundings.</summary>
    static abstract TSelf ReciprocalSqrtEstimate(TSelf x);

    /// <summary>Whether |x| is less than the bound in every lane; NaN is not.</summary>
    static abstract bool AllWithin(TSelf x, float bound);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>The magnitude of x with the sign bit of <paramref name="sign"/>.</summary>
    static abstract TSelf CopySign(TSelf x, TSelf sign);

    /// <summary>x · 2ⁿ for an integral n from −252 to 254, rounded once into the subnormals and up to infinity, provided that
    /// x · 2^(n/2) is a normal number.</summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf x, TSelf n);

    /// <summary>n, an integer nearest to x · y, for products up to 2²⁰ in magnitude; which of two, and whether the product itself is
    /// rounded first, depends on the hardware. Of a larger product, a number near it; of NaN, NaN.</summary>
    /// <param name="x">A factor.</param>
    /// <param name="y">A factor.</param>
    /// <param name="power">n in the form from which a shift makes 2ⁿ, where there is no <c>vscalefps</c>.</param>
    static abstract TSelf RoundProduct(TSelf x, TSelf y, out TSelf power);

    /// <summary>2ⁿ · 2⁶⁴, exact, for n from −190 to 63: a normal number where 2ⁿ is none. For any other n, and for NaN, some float.</summary>
    /// <param name="power">n, from <see cref="RoundProduct"/>.</param>
    static abstract TSelf LiftedPower(TSelf power);

    /// <summary>Splits a positive, finite, normal x into m · 2ⁿ with an integral n.</summary>
    /// <returns>m, from √½ up to √2.</returns>
    static abstract TSelf SplitExponent(TSelf x, out TSelf n);

    /// <summary>The mask of lanes where x &gt; y (false for NaN).</summary>
    static abstract TSelf GreaterThan(TSelf x, TSelf y);

    /// <summary>The mask of lanes where x is NaN.</summary>
    static abstract TSelf IsNaN(TSelf x);

    /// <summary>The lanes of <paramref name="x"/> where the mask is set, else those of <paramref name="y"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf x, TSelf y);

    /// <summary>The lanes of <paramref name="greater"/> where x &gt; y, else (NaN, too) those of <paramref name="otherwise"/>. It
    /// is one instruction less than <see cref="GreaterThan"/> with <see cref="Select"/> where masks have registers of their own.</summary>
    static abstract TSelf SelectGreater(TSelf x, TSelf y, TSelf greater, TSelf otherwise);

    /// <summary>The mask of the first <paramref name="count"/> lanes.</summary>
    static abstract TSelf FirstLanes(int count);

    /// <summary>The first <paramref name="count"/> lanes; 0 in the others.</summary>
    static abstract TSelf KeepFirst(TSelf x, int count);

    /// <summary>The last <paramref name="count"/> lanes; 0 in the others.</summary>
    static abstract TSelf KeepLast(TSelf x, int count);

    /// <summary>The sum of all lanes.</summary>
    static abstract float SumAcross(TSelf x);

    /// <summary>Four sums: lane r of the result is the sum of all lanes of argument r.</summary>
    static abstract Lanes128 SumEach(TSelf x0, TSelf x1, TSelf x2, TSelf x3);

    /// <summary>The sum of all lanes, in every lane.</summary>
    static abstract TSelf SumInEveryLane(TSelf x);

    /// <summary>The largest lane, in every lane.</summary>
    static abstract TSelf MaxInEveryLane(TSelf x);
}
