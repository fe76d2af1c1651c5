using System.Text;

namespace Backprop.Benchmarks.Peers;

/// <summary>
/// Writes a workload for peers in other languages: a binary file with parameters, samples and what the reference engine
/// computes (read by <c>workload.h</c>, which has the layout), a C header with the sizes as constants, and an ONNX model.
/// </summary>
public static class WorkloadFiles
{
    /// <summary>Writes all three files.</summary>
    /// <param name="folder">Where; made if missing.</param>
    /// <param name="workload">What.</param>
    public static void Write(string folder, PeerWorkload workload)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, workload.Name);
        using (var writer = new BinaryWriter(File.Create(path + ".bin")))
            WriteBinary(writer, workload);
        File.WriteAllText(path + ".h", Header(workload.Spec));
        File.WriteAllBytes(path + ".onnx", OnnxModel.Of(workload.Workload));
    }

    private static void WriteBinary(BinaryWriter writer, PeerWorkload workload)
    {
        NetworkSpec spec = workload.Spec;
        writer.Write(Encoding.ASCII.GetBytes(workload.Name.PadRight(8, '\0')));
        foreach (int value in (int[])[spec.Inputs, spec.Outputs, spec.Layers.Count, LossNumber(spec.Loss), Workload.Samples, spec.ParameterCount])
            writer.Write(value);
        foreach (DenseSpec layer in spec.Layers)
        {
            writer.Write(layer.Units);
            writer.Write(ActivationNumber(layer.Activation));
        }
        WriteFloats(workload.Workload.Parameters);
        WriteFloats(workload.Workload.Inputs);
        WriteFloats(workload.Workload.Targets);
        foreach (int samples in (int[])[1, Workload.Samples])
        {
            Expectation expected = Expectation.Of(workload.Workload, samples);
            WriteFloats(expected.Outputs.Select(value => (float)value));
            WriteFloats(expected.Parameters.Select(value => (float)value));
            WriteFloats([(float)expected.Loss]);
        }

        void WriteFloats(IEnumerable<float> values)
        {
            foreach (float value in values)
                writer.Write(value);
        }
    }

    private static string Header(NetworkSpec spec)
    {
        int last = spec.Layers.Count - 1;
        string Layer(int i) => $"X({i}, {spec.InputsOf(i)}, {spec.Layers[i].Units}, {Name(spec.Layers[i].Activation)})";
        string Backward(int i) => $"X({i}, {i - 1}, {spec.InputsOf(i)}, {spec.Layers[i].Units}, {Name(spec.Layers[i - 1].Activation)})";
        return $"""
            #define INPUTS {spec.Inputs}
            #define OUTPUTS {spec.Outputs}
            #define FIRST_UNITS {spec.Layers[0].Units}
            #define LAST_LAYER {last}
            #define LAST_ACTIVATION {Name(spec.Layers[last].Activation)}
            #define LOSS {LossName(spec.Loss)}
            // X(layer, inputs, units, activation), first to last
            #define EACH_LAYER(X) {string.Join(' ', Enumerable.Range(0, last + 1).Select(Layer))}
            // X(layer, layer below, inputs, units, activation of the layer below), last to second
            #define EACH_BACKWARDS(X) {string.Join(' ', Enumerable.Range(1, last).Reverse().Select(Backward))}

            """;
    }

    private static readonly Activation[] ActivationNumbers =
        [Activation.Identity, Activation.Sigmoid, Activation.Tanh, Activation.ReLU, Activation.Softmax];

    private static readonly Loss[] LossNumbers = [Loss.MeanSquaredError, Loss.HalfSquaredError, Loss.CrossEntropy];

    private static int ActivationNumber(Activation activation) => Number(ActivationNumbers, activation);

    private static int LossNumber(Loss loss) => Number(LossNumbers, loss);

    private static int Number<T>(T[] known, T value)
    {
        int index = Array.IndexOf(known, value);
        return index >= 0 ? index : throw new NotSupportedException($"The peers have no {value}");
    }

    private static string Name(Activation activation) => activation.ToString().ToUpperInvariant();

    private static string LossName(Loss loss) => loss switch
    {
        Loss.MeanSquaredError => "MEAN_SQUARED_ERROR",
        Loss.HalfSquaredError => "HALF_SQUARED_ERROR",
        _ => "CROSS_ENTROPY",
    };
}
