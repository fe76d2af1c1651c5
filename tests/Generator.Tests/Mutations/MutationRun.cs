using Xunit.Abstractions;

namespace Generator.Tests.Mutations;

/// <summary>
/// How many sources are drawn, and from which seed: the same one at every submission, another one at every other run. The
/// variables BACKPROP_SEED and BACKPROP_MUTATIONS (a factor) repeat a run and make it longer.
/// </summary>
internal static class MutationRun
{
    private static readonly bool s_ci = Environment.GetEnvironmentVariable("CI") == "true";

    private static readonly int s_seed = int.TryParse(Environment.GetEnvironmentVariable("BACKPROP_SEED"), out int seed) ? seed : s_ci ? 20261122 : Environment.TickCount & 0xFFFFFF;

    private static readonly int s_factor = int.TryParse(Environment.GetEnvironmentVariable("BACKPROP_MUTATIONS"), out int factor) ? factor : 1;

    /// <summary>A number of cases, as many as are asked for.</summary>
    public static int Count(int ci, int otherwise) => s_factor * (s_ci ? ci : otherwise);

    /// <summary>Judges a number of sources, each drawn from a seed of its own, and tells all that are wrong.</summary>
    public static void Judge(ITestOutputHelper output, int count, Func<Random, string[]> draw)
    {
        output.WriteLine($"BACKPROP_SEED={s_seed}, {count} sources");
        int served = 0;
        var wrong = new List<string>();
        for (int i = 0; i < count && wrong.Count < 40; i++)
        {
            string[] sources = draw(new Random(unchecked(s_seed * 7919 + i)));
            Verdict verdict = Verdict.Of(sources);
            served += verdict.Served ? 1 : 0;
            wrong.AddRange(verdict.Wrong.Take(1).Select(fault => $"source {i}: {fault}\n{string.Join("\n--------\n", sources)}\n"));
        }
        output.WriteLine($"{served} of them have a network that is served.");
        Assert.True(wrong.Count == 0, $"BACKPROP_SEED={s_seed}\n{string.Join("\n", wrong)}");
        // Where nearly nothing is served, or nearly everything, little is judged.
        Assert.InRange(served, count / 20, count - count / 20);
    }
}
