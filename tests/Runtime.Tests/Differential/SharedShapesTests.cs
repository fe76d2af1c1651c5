using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>
/// Networks whose layers have one size and differ in activation and bias only, with the kernels of every width: what layers share of
/// emitted code they share for a reason.
/// </summary>
public class SharedShapesTests
{
    private static readonly NetworkSpec[] s_specs = [Spec(40), Spec(70), Spec(12)];

    private static readonly Lazy<CompiledNetworks> s_compiled = new(() => CompiledNetworks.Compile(s_specs));

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, s_specs.Length)];

    [Theory, MemberData(nameof(Indices))]
    public void Results_agree_with_the_reference(int network)
    {
        foreach (int samples in (int[])[1, 3, 65])
            Agreement.Assert(s_compiled.Value, network, Problem.Draw(s_specs[network], samples, new Random(network)), $"network {network}");
    }

    // An activation of each kind in turn: fused with the product or not, φ′ from the output or stored, and none; each with a bias and without.
    private static NetworkSpec Spec(int units) => new(units,
    [
        new(units, Activation.ReLU), new(units, Activation.HardTanh), new(units, Activation.Identity), new(units, Activation.GELU),
        new(units, Activation.Tanh), new(units, Activation.ReLU) { Bias = false }, new(units, Activation.Tanh) { Bias = false }, new(units),
    ]);
}
