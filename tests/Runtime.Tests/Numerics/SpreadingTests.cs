using System.Runtime.Intrinsics;
using Backprop.Numerics;

namespace Backprop.Tests.Numerics;

public sealed class SpreadingTests
{
    /// <summary>Each lane of a vector, in every lane.</summary>
    [Fact]
    public void Every_lane_reaches_every_lane()
    {
        Vector512<float> x = Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        for (var lane = 0; lane < 16; lane++)
            Assert.Equal(Vector512.Create((float)lane), Spreading.Lane(Spreading.Quarter(x, lane / 4), lane % 4));
    }

    /// <summary>Two neighbours in memory, each in every lane.</summary>
    [Fact]
    public void Both_of_a_pair_reach_every_lane()
    {
        float[] x = [1, 2, 3];
        for (var lane = 0; lane < 2; lane++)
            Assert.Equal(Vector512.Create(x[1 + lane]), Spreading.Lane(Spreading.Pair(ref x[1]), lane));
    }
}
