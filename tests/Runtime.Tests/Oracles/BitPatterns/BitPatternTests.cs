using System.Globalization;
using System.Runtime.Intrinsics.X86;
using Runtime.Tests.Differential;
using Xunit.Abstractions;

namespace Runtime.Tests.Oracles.BitPatterns;

/// <summary>
/// Every elementwise function over every 509th of the 2³² bit patterns of a float, on every width that the process has; over all
/// of them where BACKPROP_PATTERN_STRIDE is 1. The formulas in double judge, which other tests hold against 50-digit values.
/// BACKPROP_PATTERN_TABLE names a file to which a row of docs/numerics.md is added for each result.
/// </summary>
public class BitPatternTests(ITestOutputHelper output)
{
    private const int Chunk = 4096;

    /// <summary>Prime, so that the low bits of the patterns take all values.</summary>
    private const int DefaultStride = 509;

    private static readonly int s_stride = int.TryParse(Environment.GetEnvironmentVariable("BACKPROP_PATTERN_STRIDE"), out int stride) ? stride : DefaultStride;

    public static TheoryData<string> Functions => [.. BitPatternFunction.All.Select(function => function.Name).Distinct()];

    [Theory, MemberData(nameof(Functions))]
    public void Errors_are_within_the_documented_bounds(string name)
    {
        foreach (BitPatternFunction function in BitPatternFunction.All.Where(function => function.Name == name))
        {
            Worst[] worst = Sweep(function);
            string[] rows = [.. function.Results.Select((result, r) => Row(result, worst.Skip(r * CompiledNetworks.Widths.Count).Take(CompiledNetworks.Widths.Count)))];
            foreach (string row in rows)
                output.WriteLine(row);
            if (Environment.GetEnvironmentVariable("BACKPROP_PATTERN_TABLE") is { Length: > 0 } table)
                File.AppendAllLines(table, rows);
            Assert.All(worst, found => Assert.True(found.Share <= 1, $"{found.What}: at {found.ShareAt:R} ({BitConverter.SingleToUInt32Bits(found.ShareAt):X8}) {found.Share:F3} times what is allowed"));
        }
    }

    private static Worst[] Sweep(BitPatternFunction function)
    {
        long patterns = (1L << 32) / s_stride, chunks = (patterns + Chunk) / Chunk;
        // A short sweep leaves the other processors to other tests.
        var options = new ParallelOptions { MaxDegreeOfParallelism = s_stride < DefaultStride ? Environment.ProcessorCount : 1 };
        Worst[] all = New(function);
        Parallel.For(0, chunks, options, () => New(function), (chunk, _, worst) =>
        {
            float[] x = [.. Enumerable.Range(0, Chunk).Select(i => BitConverter.UInt32BitsToSingle((uint)Math.Min((chunk * Chunk + i) * s_stride, uint.MaxValue)))];
            double[][] exact = [.. function.Results.Select(result => Array.ConvertAll(x, value => result.Exact(value)))];
            float[][] actual = [.. function.Results.Select(_ => new float[Chunk])];
            for (int w = 0; w < CompiledNetworks.Widths.Count; w++)
            {
                function.Evaluate(CompiledNetworks.Widths[w], x, actual);
                for (int r = 0; r < actual.Length; r++)
                    worst[r * CompiledNetworks.Widths.Count + w].Add(function.Results[r], x, actual[r], exact[r]);
            }
            return worst;
        }, worst =>
        {
            lock (all)
            {
                foreach ((Worst total, Worst part) in all.Zip(worst))
                    total.Add(part);
            }
        });
        return all;
    }

    private static Worst[] New(BitPatternFunction function) =>
        [.. function.Results.SelectMany(result => CompiledNetworks.Widths.Select(lanes => new Worst($"{result.Name}, {lanes} lanes")))];

    private static string Row(BitPatternResult result, IEnumerable<Worst> worst)
    {
        Worst largest = worst.MaxBy(found => found.Error)!;
        // The columns of docs/numerics.md; those of widths that this process does not have stay empty.
        IEnumerable<string> errors = new[] { 16, 8, 4, 1 }.Select(lanes =>
            CompiledNetworks.Widths.ToList().IndexOf(lanes) is >= 0 and var w ? worst.ElementAt(w).Error.ToString("F2", CultureInfo.InvariantCulture) : "");
        return string.Create(CultureInfo.InvariantCulture,
            $"| {result.Name} | {result.Bound} | {string.Join(" | ", errors)} | {largest.ErrorAt:G9} | {worst.Max(found => found.Share):P0} |{(Fma.IsSupported ? "" : " (no FMA)")}");
    }

    private sealed class Worst(string what)
    {
        public string What { get; } = what;

        public double Error { get; private set; }

        public float ErrorAt { get; private set; }

        public double Share { get; private set; }

        public float ShareAt { get; private set; }

        public void Add(BitPatternResult result, float[] x, float[] actual, double[] exact)
        {
            for (int i = 0; i < x.Length; i++)
            {
                double error = result.Error(actual[i], exact[i]), share = result.Share(x[i], actual[i], exact[i]);
                if (error > Error)
                    (Error, ErrorAt) = (error, x[i]);
                if (share > Share)
                    (Share, ShareAt) = (share, x[i]);
            }
        }

        public void Add(Worst part)
        {
            if (part.Error > Error)
                (Error, ErrorAt) = (part.Error, part.ErrorAt);
            if (part.Share > Share)
                (Share, ShareAt) = (part.Share, part.ShareAt);
        }
    }
}
