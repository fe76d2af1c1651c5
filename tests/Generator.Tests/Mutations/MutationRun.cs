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

    /// <summary>Projects of some files each, drawn one by one from seeds of their own.</summary>
    public static IEnumerable<string[]> Draw(int count, Func<Random, string[]> draw) =>
        Enumerable.Range(0, count).Select(i => draw(new Random(unchecked(s_seed * 7919 + i))));

    /// <summary>Every one of some texts in a long run, else every so many, from one that the seed chooses.</summary>
    public static IEnumerable<string[]> Sample(IReadOnlyList<string> texts, int otherwise)
    {
        int step = s_ci || s_factor > 1 ? 1 : Math.Max(1, texts.Count / otherwise);
        return Enumerable.Range(0, texts.Count).Where(i => i % step == (s_seed & 0x7FFFFFFF) % step).Select(i => new[] { texts[i] });
    }

    /// <summary>Judges projects, and tells what is wrong with the first few that are.</summary>
    public static void Judge(ITestOutputHelper output, IEnumerable<string[]> projects)
    {
        int count = 0, served = 0;
        var wrong = new List<string>();
        foreach (string[] sources in projects)
        {
            Verdict verdict = Verdict.Of(sources);
            served += verdict.Served ? 1 : 0;
            wrong.AddRange(verdict.Wrong.Take(1).Select(fault => $"source {count}: {fault}\n{string.Join("\n--------\n", sources)}\n"));
            count++;
            if (wrong.Count == 10)
                break;
        }
        output.WriteLine($"BACKPROP_SEED={s_seed}: {count} sources, {served} of them with a network that is served");
        Assert.True(wrong.Count == 0, $"BACKPROP_SEED={s_seed}\n{string.Join("\n", wrong)}");
        // Where nearly nothing is served, or nearly everything, little is judged.
        Assert.InRange(served, count / 20, count - count / 20);
    }
}
