using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Backprop;
using Runtime.Tests.Training;

namespace Runtime.Tests.Serialization;

public class WeightsTests
{
    private const string Header = """
        {"layers.0.weight":{"dtype":"F32","shape":[4,3],"data_offsets":[0,48]},
         "layers.1.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[48,80]},
         "layers.1.bias":{"dtype":"F32","shape":[2],"data_offsets":[80,88]}}
        """;

    private static byte[] Saved(TestNetwork<TwoLayers> network)
    {
        var stream = new MemoryStream();
        Weights.Save(network, stream);
        return stream.ToArray();
    }

    private static float[] Parameters(TestNetwork<TwoLayers> network)
    {
        var parameters = new float[TestNetwork<TwoLayers>.ParameterCount];
        network.CopyParametersTo(parameters);
        return parameters;
    }

    private static byte[] FileOf(string header, float[] values, ulong? length = null)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length ?? (ulong)text.Length);
        return [.. prefix, .. text, .. MemoryMarshal.AsBytes<float>(values)];
    }

    /// <summary>Asserts that a file is refused with a text in the message, and that the network stays as it was.</summary>
    private static void Refused(string text, byte[] file)
    {
        var network = new TestNetwork<TwoLayers>(seed: 9);
        float[] before = Parameters(network);
        var e = Assert.Throws<WeightsFormatException>(() => Weights.Load(network, new MemoryStream(file)));
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Parameters(network));
    }

    [Fact]
    public void RoundTripIsExact()
    {
        var network = new TestNetwork<TwoLayers>(seed: 1);
        float[] parameters = Parameters(network);
        parameters[0] = float.Epsilon;
        parameters[1] = -0f;
        parameters[2] = float.MaxValue;
        network.LoadParameters(parameters);
        var other = new TestNetwork<TwoLayers>(seed: 2);
        Weights.Load(other, new MemoryStream(Saved(network)));
        Assert.Equal(parameters.Select(BitConverter.SingleToInt32Bits), Parameters(other).Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void TheFileIsAsTheFormatSays()
    {
        var network = new TestNetwork<TwoLayers>();
        byte[] file = Saved(network);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, (8 + length) % 8);
        const string expected = """
            {"__metadata__":{"format":"pt"},"layers.0.weight":{"dtype":"F32","shape":[4,3],"data_offsets":[0,48]},"layers.1.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[48,80]},"layers.1.bias":{"dtype":"F32","shape":[2],"data_offsets":[80,88]}}
            """;
        Assert.Equal(expected.Trim(), Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal(Parameters(network), MemoryMarshal.Cast<byte, float>(file.AsSpan(8 + length)).ToArray());
    }

    /// <summary>However long the names and numbers of the header are: one more character each.</summary>
    [Fact]
    public void ValuesBeginAtAMultipleOfEightBytes()
    {
        for (int characters = 1; characters <= 8; characters++)
        {
            var stream = new MemoryStream();
            Safetensors.Write(stream, [new Tensor(new string('x', characters), [1], 0)], new float[1]);
            Assert.Equal(0, (stream.Length - sizeof(float)) % 8);
        }
    }

    [Fact]
    public void TensorsMayStandInAnyOrder()
    {
        const string header = """
            {"layers.1.bias":{"data_offsets":[0,8],"shape":[2],"dtype":"F32"},
             "layers.0.weight":{"dtype":"F32","shape":[4,3],"data_offsets":[40,88]},
             "__metadata__":{"any":"thing"},
             "layers.1.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[8,40]}}
            """;
        var network = new TestNetwork<TwoLayers>();
        Weights.Load(network, new MemoryStream(FileOf(header, [.. Enumerable.Range(0, 22).Select(i => (float)i)])));
        Assert.Equal([.. Enumerable.Range(10, 12), .. Enumerable.Range(2, 8), 0, 1], Parameters(network).Select(x => (int)x));
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        byte[] file = Saved(new TestNetwork<TwoLayers>());
        for (int length = 0; length < file.Length; length++)
            Refused("expected", file[..length]);
        Refused("found more", [.. file, 0]);
    }

    [Theory]
    [InlineData("layers.0.weight", "layers.0.kernel", "found 'layers.0.kernel'")]
    [InlineData("layers.1.weight", "layers.0.weight", "found 'layers.0.weight' twice")]
    [InlineData("F32", "F16", "expected layers.0.weight of dtype F32, found F16")]
    [InlineData("[4,3]", "[3,4]", "expected layers.0.weight of shape [4, 3], found [3, 4]")]
    [InlineData("[4,3]", "[12]", "expected layers.0.weight of shape [4, 3], found [12]")]
    [InlineData("[4,3]", "[4,3.5]", "expected integers in shape of layers.0.weight, found 3.5")]
    [InlineData("[4,3]", "[4,\"3\"]", "expected integers in shape")]
    [InlineData("[4,3]", "4", "expected shape of layers.0.weight as JSON Array, found Number")]
    [InlineData("\"shape\":[4,3],", "", "expected layers.0.weight with shape, found none")]
    [InlineData("[0,48]", "[0,44]", "two data_offsets that are 48 bytes apart, found [0, 44]")]
    [InlineData("[0,48]", "[-48,0]", "found [-48, 0]")]
    [InlineData("[0,48]", "[48,0]", "found [48, 0]")]
    [InlineData("[0,48]", "[0]", "found [0]")]
    [InlineData("[0,48]", "[0,48,96]", "found [0, 48, 96]")]
    [InlineData("[0,48]", "[0,99999999999999999999]", "expected integers in data_offsets")]
    [InlineData("[0,48]", "[9223372036854775807,-9223372036854775761]", "found [9223372036854775807")]
    [InlineData("[48,80]", "[52,84]", "without gap or overlap, found layers.1.weight at byte 52 instead of 48")]
    [InlineData("[48,80]", "[44,76]", "without gap or overlap, found layers.1.weight at byte 44 instead of 48")]
    [InlineData("[48,80]", "[0,32]", "without gap or overlap")]
    [InlineData("\"layers.1.bias\":{", "\"layers.1.bias\":7,\"x\":{", "expected layers.1.bias described by a JSON object, found Number")]
    [InlineData("}}", "}", "expected a header in JSON")]
    public void MalformedHeadersAreRefused(string good, string bad, string message)
    {
        int place = Header.IndexOf(good, StringComparison.Ordinal);
        Refused(message, FileOf(Header[..place] + bad + Header[(place + good.Length)..], new float[22]));
    }

    [Fact]
    public void TheHeaderThatTheseTestsSpoilIsRight() =>
        Weights.Load(new TestNetwork<TwoLayers>(), new MemoryStream(FileOf(Header, new float[22])));

    [Theory]
    [InlineData("{}", "expected layers.0.weight, layers.1.weight, layers.1.bias, found no such tensor")]
    [InlineData("[]", "expected a JSON object as header, found Array")]
    [InlineData("12", "expected a JSON object as header, found Number")]
    [InlineData("\0\0", "expected a header in JSON")]
    public void HeadersOfAnotherKindAreRefused(string header, string message) => Refused(message, FileOf(header, new float[22]));

    [Fact]
    public void DeepNestingIsRefused() =>
        Refused("expected a header in JSON", FileOf(string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), []));

    [Theory]
    [InlineData(0ul)]
    [InlineData(1ul)]
    [InlineData(90_000_000ul)]
    [InlineData(100_000_001ul)]
    [InlineData(0x8000000000000000ul)]
    [InlineData(ulong.MaxValue)]
    public void AWrongLengthIsRefusedAndCostsNoMemory(ulong length)
    {
        byte[] file = FileOf(Header, new float[22], length);
        var network = new TestNetwork<TwoLayers>();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<WeightsFormatException>(() => Weights.Load(network, new MemoryStream(file)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void FilesAreReplacedAsAWhole()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "net.safetensors");
        var first = new TestNetwork<TwoLayers>(seed: 1);
        var second = new TestNetwork<TwoLayers>(seed: 2);
        Weights.Save(first, path);
        Weights.Save(second, path);
        var loaded = new TestNetwork<TwoLayers>();
        Weights.Load(loaded, path);
        Assert.Equal(Parameters(second), Parameters(loaded));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void AFailureWhileWritingLeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "net.safetensors");
        File.WriteAllText(path, "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half of the new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
            throw new IOException("The disk is full");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void AFolderThatIsNotThereIsReported()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "none", "net.safetensors");
        Assert.Throws<DirectoryNotFoundException>(() => Weights.Save(new TestNetwork<TwoLayers>(), path));
        Assert.Throws<DirectoryNotFoundException>(() => Weights.Load(new TestNetwork<TwoLayers>(), path));
    }

    [Fact]
    public void ErrorsNameTheFile()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "net.safetensors");
        File.WriteAllText(path, "short");
        var e = Assert.Throws<WeightsFormatException>(() => Weights.Load(new TestNetwork<TwoLayers>(), path));
        Assert.StartsWith("net.safetensors: expected 8 bytes", e.Message, StringComparison.Ordinal);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("backprop-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
