using Backprop;

namespace Runtime.Tests.Data;

public class ShufflingTests
{
    /// <summary>Of 6,000 shuffles of three, each order comes 1,000 times: within 5.5 standard deviations of 29.</summary>
    [Fact]
    public void EveryOrderIsAsLikely()
    {
        var random = new RandomSource(1);
        Dictionary<string, int> orders = Enumerable.Range(0, 6_000).CountBy(_ => string.Concat(Shuffling.Permutation(3, random))).ToDictionary();
        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, times => Assert.InRange(times, 840, 1_160));
    }
}
