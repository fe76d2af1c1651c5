using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Backprop;

/// <summary>
/// The safetensors format: the length of a JSON header as a little-endian 64-bit number; the header, an object that gives each
/// tensor's <c>dtype</c>, <c>shape</c> and <c>data_offsets</c> [begin, end) in bytes; then the values of all tensors, row-major,
/// little-endian, without gap or overlap. Source: the format's description in the repository huggingface/safetensors.
/// </summary>
internal static class Safetensors
{
    /// <summary>The longest header that the format allows, in bytes.</summary>
    public const int MaxHeaderLength = 100_000_000;

    private const string Metadata = "__metadata__";
    private const string Float32 = "F32";

    /// <summary>Writes tensors that fill the parameters one after another.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">The tensors, in the order of their offsets.</param>
    /// <param name="parameters">Their values; in the end they may have been put into the file's byte order.</param>
    public static void Write(Stream stream, IReadOnlyList<Tensor> tensors, Span<float> parameters)
    {
        var header = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject(Metadata);
            json.WriteString("format", "pt");
            json.WriteEndObject();
            foreach (Tensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", Float32);
                json.WriteStartArray("shape");
                foreach (int dimension in tensor.Shape)
                    json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(sizeof(float) * (long)tensor.Offset);
                json.WriteNumberValue(sizeof(float) * ((long)tensor.Offset + tensor.Length));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // Spaces behind the header let the values begin at a multiple of 8 bytes, so that readers can map them.
        int padding = -header.WrittenCount & 7;
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);

        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.WrittenCount);
        stream.Write(length);
        stream.Write(header.WrittenSpan);
        ToLittleEndian(parameters);
        stream.Write(MemoryMarshal.AsBytes(parameters));
    }

    /// <summary>Reads the values of tensors, each of which has to be there, and no other.</summary>
    /// <param name="stream">Where from; nothing may follow.</param>
    /// <param name="tensors">The tensors that are expected.</param>
    /// <returns>The values in canonical order.</returns>
    /// <exception cref="WeightsFormatException">The stream is malformed or holds other tensors.</exception>
    public static float[] Read(Stream stream, IReadOnlyList<Tensor> tensors)
    {
        byte[] prefix = ReadBytes(stream, sizeof(ulong), "the header's length");
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength is < 2 or > MaxHeaderLength)
            throw new WeightsFormatException($"expected a header of 2 to {MaxHeaderLength} bytes, found the length {headerLength}");
        byte[] header = ReadBytes(stream, (int)headerLength, "the header");

        IReadOnlyList<Placement> placements = ReadHeader(header, tensors);
        var parameters = new float[tensors.Sum(tensor => tensor.Length)];
        foreach (Placement placement in placements)
        {
            Span<float> values = parameters.AsSpan(placement.Tensor.Offset, placement.Tensor.Length);
            Span<byte> bytes = MemoryMarshal.AsBytes(values);
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (read < bytes.Length)
                throw new WeightsFormatException($"expected {bytes.Length} bytes of {placement.Tensor.Name}, found {read} before the end");
        }
        if (stream.ReadByte() >= 0)
            throw new WeightsFormatException($"expected {sizeof(float) * (long)parameters.Length} bytes of values, found more");
        ToLittleEndian(parameters);
        return parameters;
    }

    /// <summary>Reads and checks the header: the expected tensors in the order in which their values follow.</summary>
    private static IReadOnlyList<Placement> ReadHeader(byte[] header, IReadOnlyList<Tensor> tensors)
    {
        var expected = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var placements = new List<Placement>();
        using JsonDocument document = ParseHeader(header);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in document.RootElement.EnumerateObject())
        {
            if (!names.Add(entry.Name))
                throw new WeightsFormatException($"expected each name once, found '{entry.Name}' twice");
            if (entry.Name == Metadata)
                continue;
            if (!expected.Remove(entry.Name, out Tensor? tensor))
                throw new WeightsFormatException($"expected only {string.Join(", ", tensors.Select(t => t.Name))}, found '{entry.Name}'");
            placements.Add(Placement.Read(tensor, entry.Value));
        }
        if (expected.Count > 0)
            throw new WeightsFormatException($"expected {string.Join(", ", expected.Keys)}, found no such tensor");

        placements.Sort((x, y) => x.Begin.CompareTo(y.Begin));
        long position = 0;
        foreach (Placement placement in placements)
        {
            if (placement.Begin != position)
                throw new WeightsFormatException(
                    $"expected tensors without gap or overlap, found {placement.Tensor.Name} at byte {placement.Begin} instead of {position}");
            position = placement.Begin + sizeof(float) * (long)placement.Tensor.Length;
        }
        return placements;
    }

    private static JsonDocument ParseHeader(byte[] header)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(header);
        }
        catch (JsonException e)
        {
            throw new WeightsFormatException($"expected a header in JSON: {e.Message}", e);
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        using (document)
            throw new WeightsFormatException($"expected a JSON object as header, found {document.RootElement.ValueKind}");
    }

    /// <summary>Reads a number of bytes in pieces that grow with what is there, so that a wrong length costs no memory.</summary>
    private static byte[] ReadBytes(Stream stream, int count, string what)
    {
        var bytes = new ArrayBufferWriter<byte>();
        while (bytes.WrittenCount < count)
        {
            Memory<byte> piece = bytes.GetMemory(1);
            int read = stream.Read(piece.Span[..Math.Min(piece.Length, count - bytes.WrittenCount)]);
            if (read == 0)
                throw new WeightsFormatException($"expected {count} bytes of {what}, found {bytes.WrittenCount} before the end");
            bytes.Advance(read);
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Turns the machine's byte order into the file's, and back.</summary>
    private static void ToLittleEndian(Span<float> values)
    {
        if (BitConverter.IsLittleEndian)
            return;
        Span<int> bits = MemoryMarshal.Cast<float, int>(values);
        BinaryPrimitives.ReverseEndianness(bits, bits);
    }

    /// <summary>Where the values of a tensor begin, in bytes from the first value in the file.</summary>
    private readonly record struct Placement(Tensor Tensor, long Begin)
    {
        /// <summary>Reads a tensor's entry in the header and checks it against what is expected.</summary>
        public static Placement Read(Tensor tensor, JsonElement entry)
        {
            JsonElement dtype = Property(tensor, entry, "dtype", JsonValueKind.String);
            if (!dtype.ValueEquals(Float32))
                throw new WeightsFormatException($"expected {tensor.Name} of dtype {Float32}, found {dtype.GetString()}");

            long[] shape = Integers(tensor, Property(tensor, entry, "shape", JsonValueKind.Array), "shape");
            if (!shape.SequenceEqual(tensor.Shape.Select(dimension => (long)dimension)))
                throw new WeightsFormatException(
                    $"expected {tensor.Name} of shape [{string.Join(", ", tensor.Shape)}], found [{string.Join(", ", shape)}]");

            long[] offsets = Integers(tensor, Property(tensor, entry, "data_offsets", JsonValueKind.Array), "data_offsets");
            long bytes = sizeof(float) * (long)tensor.Length;
            if (offsets is not [>= 0 and var begin, >= 0 and var end] || end - begin != bytes)
                throw new WeightsFormatException(
                    $"expected {tensor.Name} with two data_offsets that are {bytes} bytes apart, found [{string.Join(", ", offsets)}]");
            return new Placement(tensor, begin);
        }

        private static JsonElement Property(Tensor tensor, JsonElement entry, string name, JsonValueKind kind)
        {
            if (entry.ValueKind != JsonValueKind.Object)
                throw new WeightsFormatException($"expected {tensor.Name} described by a JSON object, found {entry.ValueKind}");
            if (!entry.TryGetProperty(name, out JsonElement value))
                throw new WeightsFormatException($"expected {tensor.Name} with {name}, found none");
            return value.ValueKind == kind
                ? value
                : throw new WeightsFormatException($"expected {name} of {tensor.Name} as JSON {kind}, found {value.ValueKind}");
        }

        private static long[] Integers(Tensor tensor, JsonElement array, string name) =>
            [.. array.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value)
                ? value
                : throw new WeightsFormatException($"expected integers in {name} of {tensor.Name}, found {element.GetRawText()}"))];
    }
}
