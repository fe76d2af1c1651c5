using Backprop;

namespace Runtime.Tests.Data;

public class ScalingTests
{
    /// <summary>Four samples; the third input is constant.</summary>
    private static Dataset Samples() => new([1, 100, 7, 2, 300, 7, 3, 500, 7, 6, 700, 7], new float[4], 3, 1);

    private static float[] Column(Dataset data, int input) => [.. Enumerable.Range(0, data.Count).Select(s => data.InputsOf(s)[input])];

    [Fact]
    public void StandardizeGivesMeanZeroAndDeviationOne()
    {
        Dataset data = Samples();
        Dataset scaled = data.Scale(Scaling.Standardize(data));
        foreach (float[] column in new[] { Column(scaled, 0), Column(scaled, 1) })
        {
            Assert.Equal(0, column.Average(), 6);
            Assert.Equal(1, column.Average(x => x * x), 6);
        }
        Assert.Equal([0, 0, 0, 0], Column(scaled, 2));
        Assert.Equal([7, 7, 7, 7], Column(data, 2));
    }

    [Fact]
    public void MinMaxMapsToTheUnitInterval()
    {
        Dataset scaled = Samples().Scale(Scaling.MinMax(Samples()));
        Assert.Equal([0, 0.2f, 0.4f, 1], Column(scaled, 0));
        Assert.Equal([0, 1], new[] { Column(scaled, 1).Min(), Column(scaled, 1).Max() });
        Assert.Equal([0, 0, 0, 0], Column(scaled, 2));
    }

    [Fact]
    public void ConstantMultiplies() =>
        Assert.Equal([0.5f, 50, 3.5f], Samples().Scale(Scaling.Constant(3, 0.5f)).InputsOf(0).ToArray());

    [Theory]
    [InlineData(0.1f)]
    [InlineData(1e-40f)]
    [InlineData(-3e38f)]
    public void ConstantInputsBecomeZeroWhateverTheirValue(float value)
    {
        var data = new Dataset([.. Enumerable.Repeat(value, 49)], new float[49], 1, 1);
        Assert.All(data.Scale(Scaling.Standardize(data)).Inputs.ToArray(), x => Assert.Equal(0, x));
        Assert.All(data.Scale(Scaling.MinMax(data)).Inputs.ToArray(), x => Assert.Equal(0, x));
    }

    [Theory]
    [InlineData(float.MinValue, float.MaxValue)]
    [InlineData(0, float.Epsilon)]
    [InlineData(1, 1.0000001f)]
    public void ExtremeRangesStayFinite(float low, float high)
    {
        var data = new Dataset([low, high], new float[2], 1, 1);
        foreach (Scaling scaling in new[] { Scaling.Standardize(data), Scaling.MinMax(data) })
            Assert.All(data.Scale(scaling).Inputs.ToArray(), x => Assert.InRange(x, -2, 2));
    }

    [Fact]
    public void NewSamplesAreTreatedAlike()
    {
        Dataset data = Samples();
        Scaling scaling = Scaling.Standardize(data);
        Dataset scaled = data.Scale(scaling);
        float[] fresh = [.. data.InputsOf(1), .. data.InputsOf(2)];
        scaled.Scaling!.Apply(fresh);
        Assert.Equal([.. scaled.InputsOf(1), .. scaled.InputsOf(2)], fresh);
        Assert.Equal(scaled.Inputs.ToArray(), data.Scale(new Scaling(scaling.Offsets, scaling.Factors)).Inputs.ToArray());
    }

    [Fact]
    public void TheScalingStaysWithTheData()
    {
        Dataset scaled = Samples().Scale(Scaling.Constant(3, 2));
        Assert.Same(scaled.Scaling, scaled.Select([0]).Scaling);
        Assert.Same(scaled.Scaling, scaled.Split(0.5, 1).Train.Scaling);
        Assert.Throws<InvalidOperationException>(() => scaled.Scale(Scaling.Constant(3, 2)));
        Assert.Null(Samples().Scaling);
    }

    [Fact]
    public void WrongSizesAndValuesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Samples().Scale(Scaling.Constant(2, 1)));
        Assert.Throws<ArgumentException>(() => Scaling.Constant(3, 1).Apply(new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scaling.Constant(0, 1));
        Assert.Throws<ArgumentException>(() => Scaling.Constant(1, float.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => new Scaling([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => new Scaling([float.NaN], [1]));
        Assert.Throws<ArgumentException>(() => new Scaling([], []));
    }
}
