using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop;

/// <summary>Random orders of samples.</summary>
internal static class Shuffling
{
    /// <summary>A random order of 0 … count − 1.</summary>
    /// <param name="count">The number of places.</param>
    /// <param name="random">The random numbers.</param>
    public static int[] Permutation(int count, RandomSource random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Shuffle(order, random);
        return order;
    }

    /// <summary>Puts the places into a random order, each as likely as any other (Fisher–Yates).</summary>
    /// <param name="order">The places.</param>
    /// <param name="random">The random numbers.</param>
    [MethodImpl(JitOptions.Optimized)]
    public static void Shuffle(Span<int> order, RandomSource random)
    {
        for (int i = order.Length - 1; i > 0; i--)
        {
            int other = random.NextBelow(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
    }
}
