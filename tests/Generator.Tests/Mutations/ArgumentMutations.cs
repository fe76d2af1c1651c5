namespace Generator.Tests.Mutations;

/// <summary>Draws attributes whose arguments are missing, null, of a wrong type, duplicate, huge, negative, or right.</summary>
internal sealed class ArgumentMutations(Random random)
{
    private static readonly string[] s_sizes = ["1", "2", "3", "5", "(3)", "0x3", "0b11", "1_7", "K.N", "(byte)3", "'\\u0003'", "K.N + 1", "(int)Loss.Huber", "sizeof(int)", "Two.Size"];

    private static readonly string[] s_wrongSizes =
    [
        "0", "-1", "int.MinValue", "int.MaxValue", "1 << 20", "(1 << 20) + 1", "1 << 30", "null", "default", "default(int)", "\"3\"", "3.5", "3f", "3L", "3u", "3m", "true", "typeof(int)",
        "new[] { 3 }", "new int[0]", "Loss.Huber", "K.S", "K.Absent", "Absent", "nameof(K)", "3 / 0", "unchecked(int.MaxValue + 1)", "int.MaxValue + 1", "99999999999", "3 +", "", "~0",
        "new()", "() => 3", "throw null", "$\"{3}\"", "\"\"u8", "(byte)300", "checked(1 - 2)", "stackalloc int[1]", "K.V", "this", "base", "ref K.V", "out var x", "1, 2, 3", "*", "K.N is 3 ? 1 : 2", "Net.InputSize",
    ];

    private static readonly Dictionary<string, string[]> s_values = new()
    {
        ["Loss"] = ["Loss.MeanSquaredError", "Loss.HalfSquaredError", "Loss.MeanAbsoluteError", "Loss.Huber", "Loss.BinaryCrossEntropy", "Loss.CrossEntropy", "(Loss)2", "default"],
        ["Reduction"] = ["Reduction.Mean", "Reduction.Sum"],
        ["BatchSize"] = ["1", "7", "64", "1 << 20"],
        ["Unroll"] = ["Unroll.Auto", "Unroll.Full", "Unroll.Tiled"],
        ["Bias"] = ["true", "false", "K.N == 3", "!true"],
        ["Initializer"] = ["Initializer.Default", "Initializer.HeNormal", "Initializer.GlorotUniform", "Initializer.Zeros", "(Initializer)1"],
        ["activation"] = ["Activation.Identity", "Activation.ReLU", "Activation.Sigmoid", "Activation.Tanh", "Activation.Softmax", "Activation.Mish", "(Activation)3", "K.A", "Two.Act"],
    };

    private static readonly string[] s_wrongValues =
    [
        "null", "0", "1", "-1", "99", "true", "\"Huber\"", "(Loss)99", "(Loss)(-1)", "(Activation)17", "(Activation)int.MinValue", "(Unroll)3", "Loss.Absent", "Activation.", "Absent.Value", "Loss",
        "typeof(Loss)", "Activation.ReLU | Activation.Tanh", "Activation.ReLU + 1", "Reduction.Sum", "Initializer.HeNormal", "new[] { true }", "", "K.V", "default(Activation)", "(Initializer)6", "1 << 21", "3.0",
    ];

    private static readonly string[] s_names = ["Loss", "Reduction", "BatchSize", "Unroll", "Bias", "Initializer", "Inputs", "Units", "Activation", "Absent", "loss", "TypeId"];

    /// <summary>A source with one network, or what is left of it.</summary>
    public string Draw()
    {
        string layers = string.Concat(Enumerable.Range(0, Chance(0.05) ? 0 : random.Next(1, 4)).Select(_ => Layer()));
        string network = Network() + (Chance(0.03) ? Network() : "");
        string attributes = Chance(0.15) ? layers + network : network + layers;
        return $$"""
            using Backprop; using Two = @class.K2;
            {{attributes}}public sealed partial class Net;
            static class K { public const int N = 3; public const string S = "3"; public const Activation A = Activation.GELU; public static readonly int V = 3; }
            namespace @class { static class K2 { public const int Size = 2; public const Activation Act = Activation.SiLU; } }
            """;
    }

    private string Network() => Attribute("Network", "inputs", [Size()], ["Loss", "Reduction", "BatchSize", "Unroll"]);

    private string Layer()
    {
        var positional = new List<string> { Size() };
        if (Chance(0.6))
            positional.Add(Value("activation"));
        return Attribute("Dense", "units", positional, ["Bias", "Initializer"]);
    }

    private string Attribute(string name, string first, List<string> positional, string[] properties)
    {
        if (Chance(0.08))
            positional[0] = $"{first}: {positional[0]}";
        if (positional.Count > 1 && Chance(0.1))
            positional[1] = $"activation: {positional[1]}";
        if (Chance(0.03))
            positional.RemoveAt(random.Next(positional.Count));
        if (Chance(0.02))
            positional.Add(Value("activation"));
        if (Chance(0.03))
            positional.Reverse();
        var arguments = new List<string>(positional);
        for (int i = Chance(0.6) ? 0 : random.Next(1, 4); i > 0; i--)
        {
            string property = Chance(0.03) ? Pick(s_names) : Pick(properties);
            if (arguments.Any(argument => argument.StartsWith(property + " ", StringComparison.Ordinal)) && Chance(0.9))
                continue; // twice the same is an error: that it is drawn now and then is enough
            arguments.Add($"{property} {(Chance(0.02) ? ":" : "=")} {Value(property)}");
        }
        string list = Chance(0.01) ? "" : $"({string.Join(Chance(0.01) ? " " : ", ", arguments)})";
        string target = Chance(0.03) ? Pick(["type: ", "assembly: ", "method: ", "return: ", "Type: "]) : "";
        string form = Chance(0.1) ? Pick([$"Backprop.{name}", $"global::Backprop.{name}Attribute", $"{name}Attribute", $"@{name}", $"{name}<int>", $"{name}s"]) : name;
        return $"[{target}{form}{list}]{Pick(["\n", " ", "\r\n", " /* [Dense(4)] */ "])}";
    }

    private string Size() => Chance(0.9) ? Pick(s_sizes) : Pick(s_wrongSizes);

    private string Value(string property) => !s_values.TryGetValue(property, out string[]? values) || Chance(0.08) ? Pick(s_wrongValues) : Pick(values);

    private bool Chance(double probability) => random.NextDouble() < probability;

    private string Pick(string[] items) => items[random.Next(items.Length)];
}
