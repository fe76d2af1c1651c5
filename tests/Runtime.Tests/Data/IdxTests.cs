using System.IO.Compression;
using Backprop;

namespace Runtime.Tests.Data;

public class IdxTests
{
    // Three images of 2 × 2 pixels, labels 1, 0, 2.
    private static readonly byte[] s_images = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 2, 255, 4, 5, 6, 7, 8, 9, 10, 11];
    private static readonly byte[] s_labels = [0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 2];

    private static Dataset Read(byte[] images, byte[] labels, int classes = 3) =>
        Dataset.FromIdx(new MemoryStream(images), new MemoryStream(labels), classes, "i.idx", "l.idx");

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void ReadsPlainAndGzip(bool gzipImages, bool gzipLabels)
    {
        Dataset data = Read(gzipImages ? Gzip(s_images) : s_images, gzipLabels ? Gzip(s_labels) : s_labels);
        Assert.Equal((3, 4, 3), (data.Count, data.InputSize, data.OutputSize));
        Assert.Equal([0, 1, 2, 255], data.InputsOf(0).ToArray());
        Assert.Equal([8, 9, 10, 11], data.InputsOf(2).ToArray());
        Assert.Equal([0, 1, 0, 1, 0, 0, 0, 0, 1], data.Targets.ToArray());
        Assert.Equal(["0", "1", "2"], data.ClassNames);
    }

    [Fact]
    public void ReadsFiles()
    {
        string images = Path.GetTempFileName(), labels = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(images, Gzip(s_images));
            File.WriteAllBytes(labels, s_labels);
            Assert.Equal(10, Dataset.FromIdx(images, labels).OutputSize);
            File.WriteAllBytes(labels, s_labels[..^1]);
            Assert.Equal(Path.GetFileName(labels), Assert.Throws<DataFormatException>(() => Dataset.FromIdx(images, labels)).FileName);
        }
        finally
        {
            File.Delete(images);
            File.Delete(labels);
        }
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        for (int length = 0; length < s_images.Length; length++)
            Assert.Equal("i.idx", Assert.Throws<DataFormatException>(() => Read(s_images[..length], s_labels)).FileName);
        for (int length = 0; length < s_labels.Length; length++)
            Assert.Equal("l.idx", Assert.Throws<DataFormatException>(() => Read(s_images, s_labels[..length])).FileName);
        // Without the end mark (2 bytes at most) and the check sum (8), the pixels themselves are still whole.
        byte[] packed = Gzip(s_images);
        for (int length = 0; length < packed.Length - 10; length++)
            Assert.Equal("i.idx", Assert.Throws<DataFormatException>(() => Read(packed[..length], s_labels)).FileName);
    }

    [Fact]
    public void ErrorsNameFileExpectedAndFound()
    {
        void Refused(string text, byte[] images, byte[] labels, int classes = 3) =>
            Assert.Contains(text, Assert.Throws<DataFormatException>(() => Read(images, labels, classes)).Message, StringComparison.Ordinal);

        Refused("i.idx: expected 12 bytes after the header (3 × 2 × 2), found 11", s_images[..^1], s_labels);
        Refused("i.idx: expected 12 bytes after the header (3 × 2 × 2), found more", [.. s_images, 0], s_labels);
        Refused("l.idx: expected an IDX file of unsigned bytes, which begins 00 00 08 and the number of dimensions, found 00000D01", s_images, [0, 0, 13, 1, .. s_labels[4..]]);
        Refused("i.idx: expected an IDX file", "1,2,3,4\n"u8.ToArray(), s_labels);
        Refused("i.idx: expected an IDX file", [0, 0, 8, 0], s_labels);
        Refused("l.idx: expected 3 labels, as many as i.idx holds images, found 2", s_images, [0, 0, 8, 1, 0, 0, 0, 2, 1, 0]);
        Refused("l.idx: expected labels from 0 to 1, found 2 at place 2", s_images, s_labels, classes: 2);
        Refused("i.idx: expected images, of 2 or more dimensions, found 1", s_labels, s_labels);
        Refused("l.idx: expected labels, of 1 dimension, found 3", s_images, s_images);
        Refused("i.idx: expected at least one image, found none", [0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 2], [0, 0, 8, 1, 0, 0, 0, 0]);
        Refused("i.idx: expected images of at least one pixel", [0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 0], s_labels);
        Refused("i.idx: expected sound gzip data", [0x1F, 0x8B, 99, 1, 2, 3, 4, 5, 6, 7, 8, 9], s_labels);
    }

    [Theory]
    [InlineData(0x7FFFFFC7u, 1u)]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu)]
    [InlineData(0x10000u, 0x8000u)]
    public void AWrongHeaderCostsNoMemory(uint rows, uint columns)
    {
        byte[] images = [0, 0, 8, 2, .. BigEndian(rows), .. BigEndian(columns), 1, 2, 3];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => Read(images, s_labels));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);

        static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void TheNumberOfClassesIsThatOfAByte(int classes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(s_images, s_labels, classes));
}
