using Backprop;
using Runtime.Tests.Differential;

namespace Runtime.Tests.Misuse;

/// <summary>Networks with every kind of kernel, whose sizes are just beside those of vectors, tiles and panels.</summary>
internal static class MisusedNetworks
{
    private static readonly Lazy<CompiledNetworks> s_compiled = new(() => CompiledNetworks.Compile(
    [
        // Samples in the lanes; one and two outputs.
        new(1, [new(1, Activation.Tanh)]) { Loss = Loss.HalfSquaredError },
        new(3, [new(5, Activation.Sigmoid), new(2, Activation.Softmax)]) { Loss = Loss.CrossEntropy },
        // The output stage with the samples in the lanes, with a full vector of outputs, and with one more.
        new(13, [new(17, Activation.Tanh), new(16, Activation.Sigmoid)]) { Loss = Loss.BinaryCrossEntropy },
        new(31, [new(33, Activation.GELU), new(17)]) { Loss = Loss.Huber, BatchSize = 16 },
        // Panels of two widths, pooled scratch, no biases.
        new(67, [new(131, Activation.ReLU) { Bias = false }, new(63, Activation.Softplus) { Bias = false }]) { Loss = Loss.MeanAbsoluteError, Reduction = Reduction.Sum },
        // Everything written out, and nothing.
        new(33, [new(47, Activation.HardSwish), new(15)]) { Unroll = Unroll.Full },
        new(33, [new(47, Activation.Mish), new(65, Activation.Softmax)]) { Loss = Loss.CrossEntropy, Unroll = Unroll.Tiled, BatchSize = 8 },
        // Many layers, the narrowest last but one.
        new(9, [new(20, Activation.SiLU), new(16, Activation.ELU), new(31, Activation.SELU), new(12, Activation.Softsign), new(1, Activation.GELUTanh), new(7)]),
        // One layer along its inputs: of one unit and of several, with inputs that fill no vector.
        new(23, [new(1, Activation.Sigmoid)]) { Loss = Loss.BinaryCrossEntropy },
        new(69, [new(7, Activation.Softmax)]) { Loss = Loss.CrossEntropy, BatchSize = 8 },
        // Layers shorter than a vector: below others, whose way back goes through memory; with φ′ stored, where the samples are in the lanes.
        new(8, [new(5, Activation.HardTanh), new(11, Activation.Tanh), new(18, Activation.Softmax)]) { Loss = Loss.Huber },
        new(3, [new(3, Activation.Mish), new(9, Activation.Softmax)]) { Loss = Loss.CrossEntropy, BatchSize = 49 },
    ]));

    /// <summary>The number of networks.</summary>
    public const int Count = 12;

    /// <summary>The networks: compiled once, so that only one class at a time may force their width.</summary>
    public static CompiledNetworks Compiled => s_compiled.Value;

    /// <summary>The place of each network.</summary>
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Count)];
}
