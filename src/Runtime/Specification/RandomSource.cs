using System.Numerics;
using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop;

/// <summary>
/// A generator of random numbers whose sequence is the same on every machine and in every version: xoshiro256** 1.0
/// (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), seeded by SplitMix64
/// (Steele, Lea and Flood 2014), as its authors recommend.
/// </summary>
internal sealed class RandomSource
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>A generator; the same seed gives the same sequence.</summary>
    public RandomSource(int seed)
    {
        ulong state = (uint)seed;
        _s0 = SplitMix64(ref state);
        _s1 = SplitMix64(ref state);
        _s2 = SplitMix64(ref state);
        _s3 = SplitMix64(ref state);
    }

    /// <summary>64 uniform bits.</summary>
    [MethodImpl(JitOptions.Inlined)]
    public ulong NextUInt64()
    {
        unchecked
        {
            ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
            ulong t = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= t;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return result;
        }
    }

    /// <summary>Uniform in [0, 1): a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// Uniform in 0, …, <paramref name="bound"/> − 1 without bias: the high half of a 32-bit draw times the bound, redrawn
    /// in the few cases that would favour some values (Lemire, "Fast random integer generation in an interval", 2019).
    /// </summary>
    /// <param name="bound">At least 1.</param>
    [MethodImpl(JitOptions.Inlined)]
    public int NextBelow(int bound)
    {
        unchecked
        {
            uint range = (uint)bound;
            ulong product = (NextUInt64() >> 32) * range;
            if ((uint)product < range)
            {
                uint threshold = (0u - range) % range;
                while ((uint)product < threshold)
                    product = (NextUInt64() >> 32) * range;
            }

            return (int)(product >> 32);
        }
    }

    /// <summary>
    /// Normal with mean 0 and variance 1, by the ratio of uniforms with quadratic bounds (Leva, "A fast normal random number
    /// generator", 1992). The logarithm is asked only between the bounds, in about 1 of 80 draws, and its last bit, the one
    /// thing in which machines differ, decides in about 1 of 2⁵⁰ of these.
    /// </summary>
    public double NextNormal()
    {
        while (true)
        {
            double u = 1 - NextDouble();
            double v = 1.7156 * (NextDouble() - 0.5);
            double x = u - 0.449871;
            double y = Math.Abs(v) + 0.386595;
            double q = x * x + y * (0.19600 * y - 0.25472 * x);
            if (q < 0.27597 || (q <= 0.27846 && v * v <= -4 * u * u * Math.Log(u)))
                return v / u;
        }
    }

    private static ulong SplitMix64(ref ulong state)
    {
        unchecked
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
