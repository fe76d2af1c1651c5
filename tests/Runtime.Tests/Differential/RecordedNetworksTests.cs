using Backprop;
using Runtime.Tests.Differential.ErrorAnalysis;

namespace Runtime.Tests.Differential;

/// <summary>Every problem on which a generated network once differed stays as a case.</summary>
public class RecordedNetworksTests
{
    private static readonly Lazy<CompiledNetworks> s_compiled = new(() => CompiledNetworks.Compile([.. RecordedNetwork.All.Select(recorded => recorded.Spec)]));

    public static TheoryData<string> Names => [.. RecordedNetwork.All.Select(recorded => recorded.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Agree_with_the_reference(string name)
    {
        RecordedNetwork recorded = Find(name);
        Agreement.Assert(s_compiled.Value, RecordedNetwork.All.ToList().IndexOf(recorded), Problem.Of(recorded.Spec, recorded.Seed, recorded.X, recorded.T), recorded.Origin);
    }

    /// <summary>
    /// The claim of the note: gradients of the two samples alone are hundreds of times larger than their mean, in the last layer,
    /// where both have the error of about the same unit.
    /// </summary>
    [Fact]
    public void The_gradient_of_cancelling_samples_is_a_small_difference()
    {
        RecordedNetwork recorded = Find("cancelling samples");
        Problem both = Problem.Of(recorded.Spec, recorded.Seed, recorded.X, recorded.T);
        BoundedNetwork network = new(both.Spec, both.Parameters, []);
        double alone = Enumerable.Range(0, 2)
            .Min(s => Largest(network.Evaluate(both.Inputs[(s * recorded.Inputs)..((s + 1) * recorded.Inputs)], [both.Targets[s]]).Gradient));
        Assert.InRange(Largest(network.Evaluate(both.Inputs, both.Targets).Gradient), 0, alone / 500);

        static double Largest(Bounded gradient) => gradient.Value.Max(Math.Abs);
    }

    private static RecordedNetwork Find(string name) => RecordedNetwork.All.Single(recorded => recorded.Name == name);
}
