using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Backprop;
using Backprop.Aot;

// The same program compiled in different ways: just in time, ahead of time, trimmed.
//   Aot write FILE      computes, compares with the reference engine, and writes the results
//   Aot compare FILE    computes, compares with the reference engine, and with the results in FILE, bit by bit
//   Aot start           makes a network and asks it once: to time how long a program takes to start
//   Aot vectors         which vectors it runs on
// Exit code 0 where all agrees, 1 where not.

// As in the differential tests, in units of the largest value of each kind.
const double Tolerance = 3e-5;

switch (args)
{
    case ["start"]:
        var first = new ClassifierNet(seed: 1);
        var outputs = new float[ClassifierNet.OutputSize];
        first.Forward(new float[ClassifierNet.InputSize], outputs);
        Console.WriteLine(outputs[0]);
        return 0;
    case ["vectors"]:
        Console.WriteLine(Vectors());
        return 0;
    case ["write" or "compare", string path]:
        Result[] results =
        [
            .. Experiment<NarrowNet, Sgd>.Run(() => new Sgd { LearningRate = 0.1f }),
            .. Experiment<ClassifierNet, Adam>.Run(() => new Adam { LearningRate = 0.01f, WeightDecay = 0.01f }),
            .. Experiment<PooledNet, AdamW>.Run(() => new AdamW()),
            .. Experiment<DeepNet, RmsProp>.Run(() => new RmsProp { LearningRate = 0.003f, Momentum = 0.5f }),
            .. Experiment<FullNet, AdaGrad>.Run(() => new AdaGrad()),
            .. Experiment<TiledNet, Sgd>.Run(() => new Sgd { LearningRate = 0.05f, Momentum = 0.9f, Nesterov = true }),
        ];
        string[] problems = [.. results.Where(result => !(result.Error <= Tolerance)).Select(result => $"{result.Name}: {result.Error:G3} from the reference engine")];
        if (args[0] == "write")
            ResultFile.Write(path, results);
        else
            problems = [.. problems, .. ResultFile.Differences(path, results)];
        Console.WriteLine($"{results.Length} results of {results.Sum(result => result.Values.Length)} numbers; at most {results.Max(result => result.Error):G2} from the reference engine; {Vectors()}");
        foreach (string problem in problems)
            Console.WriteLine($"FAIL {problem}");
        return problems.Length == 0 ? 0 : 1;
    default:
        Console.Error.WriteLine("Aot write FILE | compare FILE | start | vectors");
        return 2;
}

static string Vectors()
{
    int bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 32;
    return $"{bits} bits, {(Fma.IsSupported ? "fused" : "separate")}";
}
