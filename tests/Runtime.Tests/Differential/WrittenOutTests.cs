using Backprop;
using Runtime.Tests.Differential.ErrorAnalysis;

namespace Runtime.Tests.Differential;

/// <summary>Networks of whose single-sample products one is written out over several methods, there or (46 rows behind two widths of panels) back, with the kernels of every width.</summary>
public class WrittenOutTests
{
    private static readonly NetworkSpec[] s_specs =
    [
        Spec(128, Activation.Sigmoid, true, 64, 10),
        Spec(300, Activation.Tanh, true, 130, 20),
        Spec(64, Activation.ReLU, true, 512, 7),
        Spec(100, Activation.GELU, false, 150, 129),
        Spec(97, Activation.LeakyReLU, true, 97, 97, 97),
        Spec(8, Activation.Mish, true, 46, 105),
    ];

    // Full and tiled, in turn.
    private static readonly Lazy<CompiledNetworks> s_compiled = new(() =>
        CompiledNetworks.Compile([.. s_specs.SelectMany(spec => new[] { spec, spec with { Unroll = Unroll.Tiled } })]));

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, s_specs.Length)];

    [Theory, MemberData(nameof(Indices))]
    public void Results_agree_with_the_reference(int index) =>
        Agreement.Assert(s_compiled.Value, 2 * index, Problem.Draw(s_specs[index], samples: 1, new Random(index)), $"network {index}");

    /// <summary>The order of the sums differs, so that results differ by the rounding of each.</summary>
    [Theory, MemberData(nameof(Indices))]
    public void Results_are_those_of_tiles(int index)
    {
        Problem problem = Problem.Draw(s_specs[index], samples: 1, new Random(index));
        float[] parameters = Problem.Narrow(problem.Parameters), x = Problem.Narrow(problem.Inputs);
        double[] bound = new BoundedNetwork(problem.Spec, problem.Parameters, []).Evaluate(problem.Inputs, problem.Targets).Outputs.Error;
        foreach (int lanes in CompiledNetworks.Widths)
        {
            s_compiled.Value.Force(lanes);
            float[] written = Outputs(2 * index), tiled = Outputs(2 * index + 1);
            for (int i = 0; i < written.Length; i++)
                Assert.Equal(tiled[i], (double)written[i], 2 * bound[i]);
        }

        float[] Outputs(int network)
        {
            GeneratedNetwork generated = s_compiled.Value.Create(network);
            generated.LoadParameters(parameters);
            var y = new float[s_specs[index].Outputs];
            generated.Forward(x, y);
            return y;
        }
    }

    private static NetworkSpec Spec(int inputs, Activation hidden, bool bias, params int[] units) =>
        new(inputs, units.Select((count, l) => new DenseSpec(count, l == units.Length - 1 ? Activation.Identity : hidden) { Bias = bias }))
        {
            Unroll = Unroll.Full,
        };
}
