using Backprop;
using Runtime.Tests.Differential;

namespace Generator.Tests.Planning;

/// <summary>Specifications that plans and emitted code are checked for.</summary>
internal static class Specs
{
    /// <summary>The networks that the project is measured by, and some that strain the planner.</summary>
    public static readonly IReadOnlyDictionary<string, NetworkSpec> Named = new Dictionary<string, NetworkSpec>
    {
        ["W1"] = Spec(2, Loss.HalfSquaredError, Activation.Sigmoid, Activation.Sigmoid, 2, 1),
        ["W2"] = Spec(4, Loss.CrossEntropy, Activation.Tanh, Activation.Softmax, 16, 3),
        ["W3"] = Spec(16, Loss.MeanSquaredError, Activation.Tanh, Activation.Identity, 32, 32, 8),
        ["W4"] = Spec(64, Loss.CrossEntropy, Activation.ReLU, Activation.Softmax, 32, 10),
        ["W5"] = Spec(784, Loss.CrossEntropy, Activation.ReLU, Activation.Softmax, 128, 10),
        ["W6"] = Spec(784, Loss.CrossEntropy, Activation.ReLU, Activation.Softmax, 512, 256, 10),
        ["W7"] = Spec(128, Loss.CrossEntropy, Activation.ReLU, Activation.Softmax, 128, 128, 128, 128, 10),
        ["deep"] = Spec(30, Loss.Huber, Activation.Mish, Activation.GELU, [.. Enumerable.Range(20, 40)]),
        ["deep and narrow, written out"] = Spec(8, Loss.MeanSquaredError, Activation.SiLU, Activation.Softplus, [.. Enumerable.Repeat(16, 50)]) with { Unroll = Unroll.Full },
        ["wide, written out"] = Spec(1100, Loss.CrossEntropy, Activation.GELUTanh, Activation.Softmax, 1040, 1000) with { Unroll = Unroll.Full },
        ["written out over several methods"] = Spec(300, Loss.MeanSquaredError, Activation.Tanh, Activation.Identity, 130, 70, 100) with { Unroll = Unroll.Full },
        ["wide, tiled"] = Spec(5000, Loss.BinaryCrossEntropy, Activation.SELU, Activation.Sigmoid, 3000, 17) with { Unroll = Unroll.Tiled },
        ["at the limit of written out"] = Spec(16, Loss.MeanAbsoluteError, Activation.ELU, Activation.HardSwish, 64, 16, 64) with { Unroll = Unroll.Full },
        ["a huge batch"] = Spec(100, Loss.MeanSquaredError, Activation.Tanh, Activation.Identity, 200, 100) with { BatchSize = SpecificationRules.MaxSize },
    };

    /// <summary>The names of the named ones, one a row.</summary>
    public static TheoryData<string> Names => new(Named.Keys);

    /// <summary>The named ones, and two hundred drawn by a fixed seed.</summary>
    public static IEnumerable<NetworkSpec> All => Named.Values.Concat(RandomSpecs.Draw(seed: 1, count: 200));

    private static NetworkSpec Spec(int inputs, Loss loss, Activation hidden, Activation output, params int[] units) =>
        new(inputs, units.Select((count, l) => new DenseSpec(count, l == units.Length - 1 ? output : hidden))) { Loss = loss };
}
