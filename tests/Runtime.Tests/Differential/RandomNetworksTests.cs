using Backprop;
using Runtime.Tests.Cells;
using Xunit.Abstractions;

namespace Runtime.Tests.Differential;

/// <summary>
/// Networks drawn at random against the reference engine, with the kernels of every width. Each run draws others; the
/// variable BACKPROP_SEED repeats a run, and BACKPROP_NETWORKS says how many.
/// </summary>
public class RandomNetworksTests(ITestOutputHelper output)
{
    /// <summary>So many are compiled together.</summary>
    private const int NetworksPerGroup = 15;

    /// <summary>The slowest kernels take a few nanoseconds for each multiply-add, in about twenty passes.</summary>
    private const int WorkPerBatch = 300_000;

    private static readonly bool s_ci = Environment.GetEnvironmentVariable("CI") == "true";

    private static readonly int s_seed =
        Setting("BACKPROP_SEED")
        ?? (s_ci ? 20261122 // a submission is judged by what it changes, not by the draw
        : Environment.TickCount & 0xFFFFFF);

    private static readonly int[] s_samples = [1, 2, 3, 7, 33, 64, 65, 100];

    /// <summary>
    /// A process with all instruction sets runs every width itself; those with some switched off (see Cells) take a sample.
    /// </summary>
    public static TheoryData<int> Groups
    {
        get
        {
            int networks = Setting("BACKPROP_NETWORKS") ?? (!CellTests.EveryWidth ? 30 : s_ci ? 100 : 45);
            return [.. Enumerable.Range(0, (networks + NetworksPerGroup - 1) / NetworksPerGroup)];
        }
    }

    [Theory, MemberData(nameof(Groups))]
    public void AgreeWithTheReference(int group)
    {
        int seed = unchecked(s_seed * 31 + group);
        string repeat = $"BACKPROP_SEED={s_seed}, group {group}";
        CompiledNetworks compiled = CompiledNetworks.Compile(RandomSpecs.Draw(seed, NetworksPerGroup));
        var random = new Random(seed);
        var shares = new List<double>();
        var bounds = new List<double>();
        for (int i = 0; i < compiled.Specs.Count; i++)
        {
            NetworkSpec spec = compiled.Specs[i];
            Assert.Equal(spec, compiled.Create(i).Spec);
            AssertInitialParameters(compiled, i);
            foreach (int samples in Samples(spec, random))
            {
                int problem = random.Next();
                var expected = new Expectation(Problem.Draw(spec, samples, new Random(problem)));
                if (Agreement.Difference(compiled, i, expected) is { } difference)
                    Assert.Fail($"{repeat}, {samples} samples, {difference}\n{NetworkSource.Declare(spec, "Net")}\nsmallest that fails:\n{Smallest(spec, samples, problem)}");
                shares.Add(expected.LargestShare);
                bounds.Add(expected.GradientBound);
            }
        }
        output.WriteLine($"{repeat}: largest difference / bound {shares.Max():G3}; bound of the gradient / largest gradient: median {Median(bounds):G3}, largest {bounds.Max():G3}");
        // A bound that has grown beyond what it is the bound of would let anything pass.
        Assert.InRange(Median(bounds), 0, 0.01);
    }

    private static void AssertInitialParameters(CompiledNetworks compiled, int index)
    {
        NetworkSpec spec = compiled.Specs[index];
        var parameters = new float[spec.ParameterCount];
        ParameterInitializer.Fill(spec, index + 1, parameters);
        Assert.Equal(parameters, compiled.Create(index, seed: index + 1).Parameters);
    }

    private static string Smallest(NetworkSpec spec, int samples, int problem)
    {
        NetworkSpec smallest = Shrinking.Smallest(spec, candidates => [.. Differences(candidates).Select(difference => difference is not null)]);
        return $"{NetworkSource.Declare(smallest, "Net")}{Differences([smallest]).Single()}";

        IEnumerable<string?> Differences(IReadOnlyList<NetworkSpec> specs)
        {
            CompiledNetworks compiled = CompiledNetworks.Compile(specs);
            return specs.Select((candidate, i) => Agreement.Difference(compiled, i, new Expectation(Problem.Draw(candidate, samples, new Random(problem)))));
        }
    }

    // One sample, which has kernels of its own, and two other counts that every engine is quick with.
    private static IEnumerable<int> Samples(NetworkSpec spec, Random random)
    {
        int[] quick = [.. s_samples.Where(samples => samples > 1 && samples * spec.ParameterCount <= WorkPerBatch)];
        return quick.Length == 0 ? [1, 2] : [1, quick[random.Next(quick.Length)], quick[random.Next(quick.Length)]];
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static int? Setting(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int value) ? value : null;
}
