using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>Networks whose outputs stay in registers, up to eight vectors of them, full and not, with the kernels of every width.</summary>
public class PlainOutputsTests
{
    private static readonly NetworkSpec[] s_specs =
    [
        new(10, [new DenseSpec(100)]),
        new(8, [new DenseSpec(128, Activation.ReLU)]) { Loss = Loss.MeanAbsoluteError },
        new(5, [new DenseSpec(65, Activation.LeakyReLU) { Bias = false }]) { Loss = Loss.Huber },
        new(3, [new DenseSpec(9, Activation.GELU), new DenseSpec(50, Activation.ReLU)]) { Loss = Loss.HalfSquaredError, Reduction = Reduction.Sum },
        new(7, [new DenseSpec(16)]),
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
