using Backprop;

namespace Runtime.Tests.Data;

public class ArgMaxTests
{
    [Fact]
    public void TheFirstOfTheLargestIsTaken()
    {
        var random = new Random(1);
        for (int count = 1; count <= 40; count++)
        {
            for (int trial = 0; trial < 50; trial++)
            {
                // Few different values, so that most rows have equals.
                float[] values = [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-4, 3))];
                Assert.Equal(Array.IndexOf(values, values.Max()), ArgMax.Of(values));
            }
        }
    }

    [Fact]
    public void InfinitiesAreNumbers()
    {
        for (int count = 1; count <= 9; count++)
        {
            float[] values = [.. Enumerable.Repeat(float.NegativeInfinity, count)];
            Assert.Equal(0, ArgMax.Of(values));
            values[^1] = float.PositiveInfinity;
            Assert.Equal(count - 1, ArgMax.Of(values));
        }
        Assert.Equal(0, ArgMax.Of([-0f, 0f]));
    }

    [Fact]
    public void NoPlaceIsTakenWhereAValueIsNotANumber()
    {
        Assert.Equal(-1, ArgMax.Of([]));
        for (int count = 1; count <= 9; count++)
        {
            for (int place = 0; place < count; place++)
            {
                float[] values = new float[count];
                values[place] = float.NaN;
                Assert.Equal(-1, ArgMax.Of(values));
            }
        }
    }
}
