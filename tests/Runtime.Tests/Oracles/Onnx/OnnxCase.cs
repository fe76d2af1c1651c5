using System.Reflection;

namespace Runtime.Tests.Oracles.Onnx;

/// <summary>One test of the package: a graph, its inputs and the outputs that it must have.</summary>
internal sealed record OnnxCase(string Name, OnnxModel Model, IReadOnlyDictionary<string, OnnxTensor> Inputs, IReadOnlyDictionary<string, OnnxTensor> Outputs)
{
    private const string Root = "Onnx/";

    private static readonly Assembly s_assembly = typeof(OnnxCase).Assembly;

    /// <summary>The tests whose data is here.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. s_assembly.GetManifestResourceNames().Where(name => name.StartsWith(Root) && name.EndsWith("/model.onnx")).Select(name => name[Root.Length..^"/model.onnx".Length]).Order()];

    /// <summary>Reads one.</summary>
    public static OnnxCase Read(string name)
    {
        OnnxModel model = OnnxReader.Model(Bytes($"{name}/model.onnx"));
        string[] given = [.. model.Inputs.Where(input => !model.Constants.ContainsKey(input))];
        var inputs = given.Select((input, i) => (input, OnnxReader.Tensor(Bytes($"{name}/input_{i}.pb")))).ToDictionary();
        var outputs = model.Outputs.Select((output, i) => (output, OnnxReader.Tensor(Bytes($"{name}/output_{i}.pb")))).ToDictionary();
        return new OnnxCase(name, model, inputs, outputs);
    }

    /// <summary>The first column of a table and the second.</summary>
    public static IReadOnlyDictionary<string, string> Table(string name) =>
        System.Text.Encoding.UTF8.GetString(Bytes(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t')).ToDictionary(row => row[0], row => row[1]);

    private static byte[] Bytes(string name)
    {
        using Stream stream = s_assembly.GetManifestResourceStream(Root + name) ?? throw new FileNotFoundException(name);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
