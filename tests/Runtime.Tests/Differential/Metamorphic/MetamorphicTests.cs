using Backprop;
using Runtime.Tests.Cells;
using Runtime.Tests.Differential.ErrorAnalysis;

namespace Runtime.Tests.Differential.Metamorphic;

/// <summary>
/// Networks that must compute the same: no reference engine takes part. On data of integers they agree to the last bit, else
/// within the sum of both bounds; at every width.
/// </summary>
public class MetamorphicTests
{
    private const int Samples = 8;

    private static readonly int s_count = Environment.GetEnvironmentVariable("CI") == "true" && CellTests.EveryWidth ? 6 : 2;

    private static readonly Unroll[] s_unrolls = [Unroll.Auto, Unroll.Full, Unroll.Tiled];

    private static readonly Lazy<Case[]> s_cases = new(() => [.. Cases()]);

    // Each case: as drawn, written out, tiled, and with more inputs.
    private static readonly Lazy<CompiledNetworks> s_compiled = new(() => CompiledNetworks.Compile(
        [.. s_cases.Value.SelectMany(drawn => s_unrolls.Select(unroll => drawn.Spec with { Unroll = unroll }).Append(Padded(drawn.Spec)))]));

    [Fact]
    public void Hidden_units_may_come_in_any_order() => ForEach((drawn, network, what) =>
    {
        var random = new Random(drawn.Seed);
        int[][] units = [.. drawn.Spec.Layers.Select((layer, l) =>
        {
            int[] order = [.. Enumerable.Range(0, layer.Units)];
            if (l < drawn.Spec.Layers.Count - 1)
                random.Shuffle(order);
            return order;
        })];
        Problem permuted = drawn.Problem.With(parameters: Rearranged.Permuted(drawn.Spec, drawn.Problem.Parameters, units));
        Results expected = Results.Of(network(0), drawn.Problem, drawn.Exact), actual = Results.Of(network(0), permuted, drawn.Exact);
        Results.AssertSame(expected with { Gradient = Map(expected.Gradient, values => Rearranged.Permuted(drawn.Spec, values, units)) }, actual, what);
    });

    [Fact]
    public void Inputs_of_zero_change_nothing() => ForEach((drawn, network, what) =>
    {
        NetworkSpec spec = Padded(drawn.Spec);
        var random = new Random(drawn.Seed);
        int weights = drawn.Spec.Inputs * drawn.Spec.Layers[0].Units;
        double[] first = Rearranged.Rows<double>(drawn.Problem.Parameters.AsSpan(0, weights), drawn.Spec.Inputs, spec.Inputs, () => random.Next(-2, 3));
        Problem padded = drawn.Problem.With(spec, [.. first, .. drawn.Problem.Parameters[weights..]],
            Rearranged.Rows<double>(drawn.Problem.Inputs, drawn.Spec.Inputs, spec.Inputs, () => 0));
        Results expected = Results.Of(network(0), drawn.Problem, drawn.Exact), actual = Results.Of(network(3), padded, drawn.Exact);
        int paddedWeights = first.Length;
        // No gradient goes to a weight whose input is 0.
        Assert.All(actual.Gradient.Value[..paddedWeights].Where((_, i) => i % spec.Inputs >= drawn.Spec.Inputs), value => Assert.Equal(0, value));
        Results.AssertSame(expected, actual with
        {
            Gradient = Map(actual.Gradient, values => [.. Rearranged.Rows<double>(values.AsSpan(0, paddedWeights), spec.Inputs, drawn.Spec.Inputs, () => 0), .. values[paddedWeights..]]),
            InputGradient = Map(actual.InputGradient, values => Rearranged.Rows<double>(values, spec.Inputs, drawn.Spec.Inputs, () => 0)),
        }, what);
    });

    [Fact]
    public void A_batch_is_the_mean_of_its_samples() => ForEach((drawn, network, what) =>
    {
        Results batch = Results.Of(network(0), drawn.Problem, drawn.Exact);
        Results[] singles = [.. Enumerable.Range(0, Samples).Select(s => Results.Of(network(0), drawn.Problem.With(
            inputs: drawn.Problem.Inputs[(s * drawn.Spec.Inputs)..((s + 1) * drawn.Spec.Inputs)],
            targets: drawn.Problem.Targets[(s * drawn.Spec.Outputs)..((s + 1) * drawn.Spec.Outputs)]), drawn.Exact))];
        Results.AssertSame(batch, new Results(
            Bounded.Of([.. singles.SelectMany(single => single.Outputs.Value)], [.. singles.SelectMany(single => single.Outputs.Error)]),
            Mean(singles, single => single.Loss), Mean(singles, single => single.Gradient),
            Bounded.Of([.. singles.SelectMany(single => single.InputGradient.Value.Select(value => value / Samples))], [.. singles.SelectMany(single => single.InputGradient.Error.Select(error => error / Samples))])),
            what);
    });

    [Fact]
    public void Written_out_or_tiled_is_the_same() => ForEach((drawn, network, what) =>
    {
        // Products of one sample are written out, those of a batch never.
        Problem one = drawn.Problem.With(inputs: drawn.Problem.Inputs[..drawn.Spec.Inputs], targets: drawn.Problem.Targets[..drawn.Spec.Outputs]);
        Results tiled = Results.Of(network(2), one, drawn.Exact);
        Results.AssertSame(tiled, Results.Of(network(0), one, drawn.Exact), what);
        Results.AssertSame(tiled, Results.Of(network(1), one, drawn.Exact), what);
    });

    private static void ForEach(Action<Case, Func<int, GeneratedNetwork>, string> check)
    {
        foreach (int lanes in CompiledNetworks.Widths)
        {
            s_compiled.Value.Force(lanes);
            for (int i = 0; i < s_cases.Value.Length; i++)
            {
                int first = i * (s_unrolls.Length + 1);
                check(s_cases.Value[i], variant => s_compiled.Value.Create(first + variant), $"{lanes} lanes, {NetworkSource.Declare(s_cases.Value[i].Spec, "Net")}");
            }
        }
    }

    // Alternately as drawn with real numbers, and as identity and ReLU with integers.
    private static IEnumerable<Case> Cases()
    {
        IReadOnlyList<NetworkSpec> specs = [.. RandomSpecs.Draw(seed: 77, count: 10 * s_count).Where(spec => spec.ParameterCount < 6000 && spec.Layers.Count > 1).Take(2 * s_count)];
        Assert.Equal(2 * s_count, specs.Count);
        for (int i = 0; i < specs.Count; i++)
        {
            bool exact = i % 2 == 1;
            NetworkSpec spec = exact ? OfIntegers(specs[i]) : specs[i];
            yield return new Case(spec, exact ? IntegerProblem(spec, i) : Problem.Draw(spec, Samples, new Random(i)), exact, i);
        }
    }

    private static NetworkSpec OfIntegers(NetworkSpec spec)
    {
        DenseSpec[] layers = [.. spec.Layers.Take(3)];
        return new NetworkSpec(spec.Inputs, layers.Select((layer, l) => layer with { Activation = l == layers.Length - 1 ? Activation.Identity : Activation.ReLU }))
        {
            Loss = Loss.HalfSquaredError,
            BatchSize = spec.BatchSize,
            Unroll = spec.Unroll,
        };
    }

    // About six weights of a unit are not 0, so that no sum has more than the 24 bits of a float, mean included.
    private static Problem IntegerProblem(NetworkSpec spec, int seed)
    {
        var random = new Random(seed);
        double[] parameters = [.. Enumerable.Range(0, spec.Layers.Count).SelectMany(l =>
            Integers(spec.Layers[l].Units * (spec.InputsOf(l) + (spec.Layers[l].Bias ? 1 : 0)), 1, Math.Min(0.75, 6.0 / spec.InputsOf(l))))];
        Problem problem = Problem.Of(spec, 0, new float[Samples * spec.Inputs], new float[Samples * spec.Outputs])
            .With(parameters: parameters, inputs: [.. Integers(Samples * spec.Inputs, 2, 0.75)], targets: [.. Integers(Samples * spec.Outputs, 4, 1)]);
        BoundedResult result = new BoundedNetwork(spec, problem.Parameters, []).Evaluate(problem.Inputs, problem.Targets);
        Assert.True(result.Gradient.Value.Concat(result.InputGradient.Value).Max(Math.Abs) * Samples < 1 << 21, "The data is too large to be exact.");
        Assert.True(result.Loss.Value[0] * Samples < 1 << 21, "The loss is too large to be exact.");
        return problem;

        IEnumerable<double> Integers(int count, int limit, double share) => Enumerable.Range(0, count).Select(_ => random.NextDouble() < share ? random.Next(-limit, limit + 1) : 0.0);
    }

    private static NetworkSpec Padded(NetworkSpec spec) => new(spec.Inputs + 1 + spec.Inputs % 7, spec.Layers)
    {
        Loss = spec.Loss,
        Reduction = spec.Reduction,
        BatchSize = spec.BatchSize,
        Unroll = spec.Unroll,
    };

    private static Bounded Map(Bounded values, Func<double[], double[]> rearranged) => Bounded.Of(rearranged(values.Value), rearranged(values.Error));

    // The mean of N numbers is taken in double: it adds nothing.
    private static Bounded Mean(Results[] singles, Func<Results, Bounded> of) => Bounded.Of(
        [.. Enumerable.Range(0, of(singles[0]).Value.Length).Select(i => singles.Sum(single => of(single).Value[i]) / Samples)],
        [.. Enumerable.Range(0, of(singles[0]).Error.Length).Select(i => singles.Sum(single => of(single).Error[i]) / Samples)]);

    private sealed record Case(NetworkSpec Spec, Problem Problem, bool Exact, int Seed);
}
