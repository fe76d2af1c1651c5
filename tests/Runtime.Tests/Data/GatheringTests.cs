using Backprop;

namespace Runtime.Tests.Data;

public class GatheringTests
{
    /// <summary>Rows of every size up to five vectors of the widest: each is whole, in its place, and nothing beyond is written.</summary>
    [Fact]
    public void RowsLieSideBySideInTheOrderGiven()
    {
        int[] rows = [6, 0, 3, 3, 7, 1, 5];
        for (int size = 1; size <= 81; size++)
        {
            float[] source = [.. Enumerable.Range(0, 8 * size).Select(i => (float)i)];
            float[] destination = [.. Enumerable.Repeat(-1f, (rows.Length + 1) * size)];
            Gathering.Gather(source, size, rows, destination);
            IEnumerable<float> expected = rows.SelectMany(row => source.Skip(row * size).Take(size));
            Assert.Equal([.. expected, .. Enumerable.Repeat(-1f, size)], destination);
        }
    }

    [Fact]
    public void NoMoreIsWrittenThanThereIsRoomFor() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Gathering.Gather(new float[9], 3, [0, 1], new float[5]));
}
