using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>
/// Networks whose single-sample forward pass stays in variables or registers, or their whole step, with the kernels of every width: outputs of up to eight vectors, full and not; activations
/// of many vectors below few outputs, over several panels and with a tail, and with φ′ beside them.
/// </summary>
public class InVariablesTests
{
    private static readonly NetworkSpec[] s_specs =
    [
        new(10, [new DenseSpec(100)]),
        new(8, [new DenseSpec(128, Activation.ReLU)]) { Loss = Loss.MeanAbsoluteError },
        new(5, [new DenseSpec(65, Activation.LeakyReLU) { Bias = false }]) { Loss = Loss.Huber },
        new(3, [new DenseSpec(9, Activation.GELU), new DenseSpec(50, Activation.ReLU)]) { Loss = Loss.HalfSquaredError, Reduction = Reduction.Sum },
        new(7, [new DenseSpec(16)]),
        new(8, [new DenseSpec(128, Activation.ReLU), new DenseSpec(8)]),
        new(14, [new DenseSpec(100, Activation.LeakyReLU), new DenseSpec(2, Activation.Softmax)]) { Loss = Loss.CrossEntropy },
        new(3, [new DenseSpec(190, Activation.ReLU) { Bias = false }, new DenseSpec(1, Activation.Sigmoid) { Bias = false }]) { Loss = Loss.BinaryCrossEntropy },
        new(9, [new DenseSpec(200, Activation.ReLU), new DenseSpec(9, Activation.Softmax)]) { Loss = Loss.CrossEntropy },
        new(12, [new DenseSpec(70, Activation.HardTanh), new DenseSpec(10, Activation.Tanh)]) { Loss = Loss.Huber },
        new(6, [new DenseSpec(32, Activation.GELU), new DenseSpec(33)]),
        new(20, [new DenseSpec(32, Activation.SiLU), new DenseSpec(4, Activation.Softmax)]) { Loss = Loss.CrossEntropy },
        new(13, [new DenseSpec(20, Activation.GELU), new DenseSpec(2, Activation.Softmax)]) { Loss = Loss.CrossEntropy },
        new(9, [new DenseSpec(25, Activation.Sigmoid), new DenseSpec(3, Activation.Softmax)]) { Loss = Loss.Huber },
        new(16, [new DenseSpec(61, Activation.ReLU), new DenseSpec(3, Activation.Sigmoid)]) { Loss = Loss.BinaryCrossEntropy },
        new(64, [new DenseSpec(32, Activation.LeakyReLU), new DenseSpec(10, Activation.Softmax)]) { Loss = Loss.CrossEntropy },
        new(7, [new DenseSpec(24) { Bias = false }, new DenseSpec(7, Activation.ReLU) { Bias = false }]),
        new(33, [new DenseSpec(48, Activation.HardTanh)]) { Loss = Loss.HalfSquaredError },
        // In registers: δ by columns and by sums, with a factor that waits for softmax's sum and one that does not, below it φ′ and none.
        new(4, [new DenseSpec(16, Activation.Tanh), new DenseSpec(3, Activation.Softmax)]) { Loss = Loss.CrossEntropy },
        new(5, [new DenseSpec(8), new DenseSpec(2, Activation.Softmax) { Bias = false }]) { Loss = Loss.CrossEntropy },
        new(6, [new DenseSpec(12, Activation.Sigmoid), new DenseSpec(7, Activation.Softmax)]) { Loss = Loss.CrossEntropy },
        new(7, [new DenseSpec(6), new DenseSpec(5, Activation.Tanh)]) { Loss = Loss.Huber },
        new(3, [new DenseSpec(7), new DenseSpec(4, Activation.Sigmoid)]),
        new(8, [new DenseSpec(600, Activation.ReLU), new DenseSpec(1)]) { BatchSize = 1 }, // a pair takes more scratch than the stack has, or a slice
    ];

    private static readonly Lazy<CompiledNetworks> s_compiled = new(() => CompiledNetworks.Compile(s_specs));

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, s_specs.Length)];

    [Theory, MemberData(nameof(Indices))]
    public void Results_agree_with_the_reference(int network)
    {
        foreach (int samples in (int[])[1, 2, 65])
            Agreement.Assert(s_compiled.Value, network, Problem.Draw(s_specs[network], samples, new Random(network)), $"network {network}");
    }
}
