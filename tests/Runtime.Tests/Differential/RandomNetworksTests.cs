using Backprop;
using Xunit.Abstractions;

namespace Runtime.Tests.Differential;

/// <summary>
/// Networks drawn at random against the reference engine, with the kernels of every width. Each run draws others; the
/// variable BACKPROP_SEED repeats a run.
/// </summary>
public class RandomNetworksTests(ITestOutputHelper output)
{
    private const int NetworksPerGroup = 15;

    /// <summary>The reference engine's time is about this number of multiply-adds, times twenty nanoseconds.</summary>
    private const int WorkPerBatch = 300_000;

    private static readonly int s_seed =
        int.TryParse(Environment.GetEnvironmentVariable("BACKPROP_SEED"), out int seed) ? seed
        : Environment.GetEnvironmentVariable("CI") == "true" ? 20261122 // a submission is judged by what it changes, not by the draw
        : Environment.TickCount & 0xFFFFFF;

    private static readonly int[] s_samples = [1, 2, 3, 7, 33, 64, 65, 100];

    /// <summary>
    /// A process with all instruction sets runs every width itself; those with some switched off (see Cells) take a sample.
    /// </summary>
    public static TheoryData<int> Groups =>
        [.. Enumerable.Range(0, Environment.GetEnvironmentVariable("BACKPROP_CELL") is null or "" or "avx512" ? 7 : 2)];

    [Theory, MemberData(nameof(Groups))]
    public void AgreeWithTheReference(int group)
    {
        int seed = unchecked(s_seed * 31 + group);
        string repeat = $"BACKPROP_SEED={s_seed}, group {group}";
        output.WriteLine(repeat);
        CompiledNetworks compiled = CompiledNetworks.Compile(RandomSpecs.Draw(seed, NetworksPerGroup));
        var random = new Random(seed);
        for (int i = 0; i < compiled.Specs.Count; i++)
        {
            NetworkSpec spec = compiled.Specs[i];
            Assert.Equal(spec, compiled.Create(i).Spec);
            foreach (int samples in Samples(spec, random))
                Agreement.Assert(compiled, i, Problem.Draw(spec, samples, random), repeat);
        }
    }

    // One sample, which has kernels of its own, and two other counts that the reference engine is quick with.
    private static IEnumerable<int> Samples(NetworkSpec spec, Random random)
    {
        int[] quick = [.. s_samples.Where(samples => samples > 1 && samples * spec.ParameterCount <= WorkPerBatch)];
        return quick.Length == 0 ? [1, 2] : [1, quick[random.Next(quick.Length)], quick[random.Next(quick.Length)]];
    }
}
