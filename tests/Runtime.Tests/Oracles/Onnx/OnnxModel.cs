using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Runtime.Tests.Oracles.Onnx;

/// <summary>A tensor: floats or integers, row-major.</summary>
internal sealed record OnnxTensor(int[] Shape, float[] Floats, long[] Integers)
{
    /// <summary>The number of elements.</summary>
    public int Count => Shape.Aggregate(1, (product, size) => product * size);
}

/// <summary>One operator's use.</summary>
internal sealed record OnnxNode(string Operator, string[] Inputs, string[] Outputs, IReadOnlyDictionary<string, object> Attributes)
{
    /// <summary>An attribute's value, or what it is where it is not given.</summary>
    public T Attribute<T>(string name, T otherwise) => Attributes.TryGetValue(name, out object? value) ? (T)value : otherwise;
}

/// <summary>A graph: operators in order, constants by name, and the names of inputs and outputs.</summary>
internal sealed record OnnxModel(
    IReadOnlyList<OnnxNode> Nodes, IReadOnlyDictionary<string, OnnxTensor> Constants, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

/// <summary>Reads what the tests need of ONNX's messages (onnx.proto), by field number.</summary>
internal static class OnnxReader
{
    /// <summary>A ModelProto.</summary>
    public static OnnxModel Model(byte[] data)
    {
        var nodes = new List<OnnxNode>();
        var constants = new Dictionary<string, OnnxTensor>();
        List<string> inputs = [], outputs = [];
        byte[] graph = Fields(data).Single(field => field.Number == 7).Bytes;
        foreach ((int number, byte[] bytes, _) in Fields(graph))
        {
            switch (number)
            {
                case 1: nodes.Add(Node(bytes)); break;
                case 5: constants.Add(Name(bytes, 8), Tensor(bytes)); break;
                case 11: inputs.Add(Name(bytes, 1)); break;
                case 12: outputs.Add(Name(bytes, 1)); break;
            }
        }
        return new OnnxModel(nodes, constants, inputs, outputs);
    }

    /// <summary>A TensorProto of 32-bit floats or 64-bit integers.</summary>
    public static OnnxTensor Tensor(byte[] data)
    {
        List<int> shape = [];
        List<float> floats = [];
        List<long> integers = [];
        int type = 0;
        foreach ((int number, byte[] bytes, ulong value) in Fields(data))
        {
            switch (number)
            {
                case 1: shape.AddRange(bytes.Length > 0 ? Packed(bytes).Select(size => (int)size) : [(int)value]); break;
                case 2: type = (int)value; break;
                case 4: floats.AddRange(bytes.Length > 0 ? MemoryMarshal.Cast<byte, float>(bytes).ToArray() : [BitConverter.UInt32BitsToSingle((uint)value)]); break;
                case 7: integers.AddRange(bytes.Length > 0 ? Packed(bytes).Select(size => (long)size) : [(long)value]); break;
                case 9 when type == 1: floats.AddRange(MemoryMarshal.Cast<byte, float>(bytes).ToArray()); break;
                case 9 when type == 7: integers.AddRange(MemoryMarshal.Cast<byte, long>(bytes).ToArray()); break;
            }
        }
        Assert.True(type is 1 or 7, $"A tensor of type {type} cannot be read.");
        var tensor = new OnnxTensor([.. shape], [.. floats], [.. integers]);
        Assert.Equal(tensor.Count, type == 1 ? floats.Count : integers.Count);
        return tensor;
    }

    private static OnnxNode Node(byte[] data)
    {
        List<string> inputs = [], outputs = [];
        var attributes = new Dictionary<string, object>();
        foreach ((int number, byte[] bytes, _) in Fields(data))
        {
            switch (number)
            {
                case 1: inputs.Add(Text(bytes)); break;
                case 2: outputs.Add(Text(bytes)); break;
                case 5 when Attribute(bytes) is { } value: attributes.Add(Name(bytes, 1), value); break;
            }
        }
        return new OnnxNode(Name(data, 4), [.. inputs], [.. outputs], attributes);
    }

    // A number, a text or a tensor; lists are not needed.
    private static object? Attribute(byte[] data)
    {
        foreach ((int number, byte[] bytes, ulong value) in Fields(data))
        {
            switch (number)
            {
                case 2: return BitConverter.UInt32BitsToSingle((uint)value);
                case 3: return (long)value;
                case 4: return Text(bytes);
                case 5: return Tensor(bytes);
            }
        }
        return null;
    }

    private static string Name(byte[] data, int field) => Text(Fields(data).Single(found => found.Number == field).Bytes);

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    private static List<ulong> Packed(byte[] bytes)
    {
        var input = new CodedInputStream(bytes);
        var values = new List<ulong>();
        while (!input.IsAtEnd)
            values.Add(input.ReadUInt64());
        return values;
    }

    private static IEnumerable<(int Number, byte[] Bytes, ulong Value)> Fields(byte[] data)
    {
        var input = new CodedInputStream(data);
        while (input.ReadTag() is > 0 and uint tag)
        {
            int number = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.LengthDelimited: yield return (number, input.ReadBytes().ToByteArray(), 0); break;
                case WireFormat.WireType.Varint: yield return (number, [], input.ReadUInt64()); break;
                case WireFormat.WireType.Fixed32: yield return (number, [], input.ReadFixed32()); break;
                case WireFormat.WireType.Fixed64: yield return (number, [], input.ReadFixed64()); break;
                default: throw new InvalidDataException($"Field {number} has a wire type that ONNX does not use.");
            }
        }
    }
}
