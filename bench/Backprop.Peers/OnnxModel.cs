using System.Runtime.InteropServices;

namespace Backprop.Benchmarks.Peers;

/// <summary>Writes a network as an ONNX model: for each layer one Gemm and its activation, on any number of samples.</summary>
/// <remarks>Field numbers are those of <c>onnx.proto3</c>, https://github.com/onnx/onnx.</remarks>
public static class OnnxModel
{
    private const int FloatType = 1;

    /// <summary>The model's bytes; its input is <c>x</c> [N, inputs], its output <c>y</c> [N, outputs].</summary>
    /// <param name="workload">The network and its parameters.</param>
    public static byte[] Of(Workload workload)
    {
        NetworkSpec spec = workload.Spec;
        return new ProtoMessage()
            .Integer(1, 8) // ir_version
            .Message(7, Graph(spec, workload.Parameters))
            .Message(8, new ProtoMessage().Text(1, "").Integer(2, 13)) // opset_import
            .ToArray();
    }

    private static ProtoMessage Graph(NetworkSpec spec, ReadOnlySpan<float> parameters)
    {
        var graph = new ProtoMessage().Text(2, "mlp");
        string input = "x";
        for (int i = 0; i < spec.Layers.Count; i++)
        {
            DenseSpec layer = spec.Layers[i];
            string output = i == spec.Layers.Count - 1 ? "y" : $"a{i}";
            int weights = layer.Units * spec.InputsOf(i);
            graph.Message(5, Tensor($"w{i}", [layer.Units, spec.InputsOf(i)], parameters[..weights]));
            graph.Message(5, Tensor($"b{i}", [layer.Units], parameters.Slice(weights, layer.Units)));
            parameters = parameters[(weights + layer.Units)..];

            string z = layer.Activation == Activation.Identity ? output : $"z{i}";
            graph.Message(1, Node("Gemm", [input, $"w{i}", $"b{i}"], z, "transB"));
            if (layer.Activation != Activation.Identity)
                graph.Message(1, Node(Operator(layer.Activation), [z], output, layer.Activation == Activation.Softmax ? "axis" : null));
            input = output;
        }
        return graph.Message(11, Value("x", spec.Inputs)).Message(12, Value("y", spec.Outputs));
    }

    private static string Operator(Activation activation) => activation == Activation.ReLU ? "Relu" : activation.ToString();

    /// <summary>A node; <paramref name="one"/> names an integer attribute that is set to 1.</summary>
    private static ProtoMessage Node(string type, string[] inputs, string output, string? one)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(4, type);
        return one is null ? node : node.Message(5, new ProtoMessage().Text(1, one).Integer(3, 1).Integer(20, 2));
    }

    private static ProtoMessage Tensor(string name, int[] shape, ReadOnlySpan<float> values)
    {
        var tensor = new ProtoMessage();
        foreach (int size in shape)
            tensor.Integer(1, size);
        return tensor.Integer(2, FloatType).Text(8, name).Bytes(9, MemoryMarshal.AsBytes(values));
    }

    private static ProtoMessage Value(string name, int width)
    {
        ProtoMessage shape = new ProtoMessage()
            .Message(1, new ProtoMessage().Text(2, "N"))
            .Message(1, new ProtoMessage().Integer(1, width));
        ProtoMessage tensor = new ProtoMessage().Integer(1, FloatType).Message(2, shape);
        return new ProtoMessage().Text(1, name).Message(2, new ProtoMessage().Message(1, tensor));
    }
}
