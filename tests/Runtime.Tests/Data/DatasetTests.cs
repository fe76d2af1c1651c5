using Backprop;

namespace Runtime.Tests.Data;

public class DatasetTests
{
    /// <summary>Samples whose one input is their number; the share of class 0 is about 2/3.</summary>
    private static Dataset Numbers(int count)
    {
        var targets = new float[count * 2];
        for (int i = 0; i < count; i++)
            targets[2 * i + (i % 3 == 0 ? 1 : 0)] = 1;
        return new Dataset([.. Enumerable.Range(0, count).Select(i => (float)i)], targets, 1, 2, ["a", "b"]);
    }

    [Fact]
    public void SizesHaveToGoTogether()
    {
        void Refused(string text, float[] inputs, float[] targets, int inputSize, int outputSize, string[]? names = null) =>
            Assert.Contains(text, Assert.ThrowsAny<ArgumentException>(() => new Dataset(inputs, targets, inputSize, outputSize, names)).Message, StringComparison.Ordinal);
        Refused("inputs", [], [], 1, 1);
        Refused("inputs", new float[5], new float[2], 2, 1);
        Refused("Expected 2 targets", new float[4], new float[3], 2, 1);
        Refused("inputSize", new float[4], new float[2], 0, 1);
        Refused("outputSize", new float[4], new float[2], 2, -1);
        Refused("Expected 1 names", new float[4], new float[2], 2, 1, ["a", "b"]);
        Refused("inputs", null!, [], 1, 1);
    }

    [Fact]
    public void SelectTakesSamplesInTheirOrder()
    {
        Dataset some = Numbers(5).Select([3, 1, 3]);
        Assert.Equal([3, 1, 3], some.Inputs.ToArray());
        Assert.Equal([1, 0, 1], Enumerable.Range(0, 3).Select(some.ClassOf));
        Assert.Equal(["a", "b"], some.ClassNames);
        Assert.Throws<ArgumentException>(() => Numbers(5).Select([5]));
        Assert.Throws<ArgumentException>(() => Numbers(5).Select([-1]));
        Assert.Throws<ArgumentException>(() => Numbers(5).Select([]));
    }

    [Theory]
    [InlineData(2, 0.5, 1)]
    [InlineData(2, 0.001, 1)]
    [InlineData(2, 0.999, 1)]
    [InlineData(100, 0.2, 20)]
    [InlineData(101, 0.2, 20)]
    [InlineData(1797, 0.2, 359)]
    public void SplitPutsEverySampleIntoOneOfTheSets(int count, double fraction, int expected)
    {
        foreach (bool stratified in new[] { false, true })
        {
            var (train, test) = Numbers(count).Split(fraction, seed: 1, stratified);
            Assert.Equal(expected, test.Count);
            float[] all = [.. train.Inputs, .. test.Inputs];
            Assert.Equal(Enumerable.Range(0, count).Select(i => (float)i), all.Order());
            Assert.All(Enumerable.Range(0, test.Count), i => Assert.Equal(test.InputsOf(i)[0] % 3 == 0 ? 1 : 0, test.ClassOf(i)));
        }
    }

    [Fact]
    public void SplitDependsOnTheSeedAlone()
    {
        float[] Test(int seed) => Numbers(200).Split(0.25, seed).Test.Inputs.ToArray();
        Assert.Equal(Test(1), Test(1));
        Assert.NotEqual(Test(1), Test(2));
        Assert.NotEqual(Test(1).Order(), Test(2).Order());
    }

    [Fact]
    public void StratifiedSplitGivesEachClassItsShare()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var (train, test) = Numbers(150).Split(0.2, seed, stratified: true);
            Assert.InRange(Enumerable.Range(0, test.Count).Count(i => test.ClassOf(i) == 1), 9, 11);
            // The order within the sets is random, not by class.
            Assert.True(Enumerable.Range(1, train.Count - 1).Count(i => train.ClassOf(i) != train.ClassOf(i - 1)) > 10);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void SplitNeedsAFraction(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(10).Split(fraction, 1));

    [Fact]
    public void OneSampleCannotBeSplit() => Assert.Throws<InvalidOperationException>(() => Numbers(1).Split(0.5, 1));
}
