using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Backprop.Benchmarks.Peers;

/// <summary>Turns all measurements of a run into one table.</summary>
public static class Report
{
    private static readonly string[] Measures = ["a", "a'", "b", "c", "d"];

    /// <summary>The table as markdown: medians over the repeats, ratios to the best peer, fractions of the machine's limit.</summary>
    /// <param name="lines">Measurements and limits, one JSON object a line.</param>
    public static string Of(IEnumerable<string> lines)
    {
        var measurements = new List<Measurement>();
        var limits = new List<MachineLimit>();
        foreach (string line in lines.Where(line => line.StartsWith('{')))
        {
            if (line.Contains("\"limit\""))
                limits.Add(JsonSerializer.Deserialize<MachineLimit>(line, Measurement.Json)!);
            else
                measurements.Add(JsonSerializer.Deserialize<Measurement>(line, Measurement.Json)!);
        }
        Dictionary<string, MachineLimit> limit = limits.GroupBy(l => l.Limit).ToDictionary(g => g.Key, g => g.First() with { Value = Median(g.Select(l => l.Value)) });
        var medians = measurements.GroupBy(m => (m.Workload, m.Measure, m.Peer)).ToDictionary(g => g.Key, g => Median(g.Select(m => m.Ns)));
        string[] peers = [.. measurements.Select(m => m.Peer).Distinct().OrderBy(peer => peer != "backprop")];

        var text = new StringBuilder("Nanoseconds per sample, medians. a: forward, one sample; a': the same, each call waiting for the last; ");
        text.AppendLine("b: forward, batch 64; c: SGD step, one sample; d: SGD step, batch 64. The ratio is to the best peer that is not C#;");
        text.AppendLine("the limit is reading the weights once from the smallest cache that holds them (a, a') or the multiply-adds at peak (b, d).").AppendLine();
        foreach (MachineLimit l in limit.Values)
            text.AppendLine(Invariant($"- {l.Limit}: {l.Value:F0} {(l.Limit.StartsWith("fma", StringComparison.Ordinal) ? "GFLOP/s" : "GB/s")}"));
        text.AppendLine().AppendLine($"| workload | measure | {string.Join(" | ", peers)} | ratio | of limit |");
        text.AppendLine($"|---|---|{string.Concat(peers.Select(_ => "--:|"))}--:|--:|");
        foreach (PeerWorkload workload in PeerWorkload.All.Where(w => measurements.Exists(m => m.Workload == w.Name)))
        {
            foreach (string measure in Measures)
            {
                double? Of(string peer) => medians.TryGetValue((workload.Name, measure, peer), out double ns) ? ns : null;
                double? own = Of("backprop");
                double? best = peers.Except(PeerWorkload.Engines).Min(Of);
                string cells = string.Join(" | ", peers.Select(peer => Cell(Of(peer), peer, best)));
                string name = measure == "a" ? $"{workload.Name} {workload.Sizes}" : "";
                text.AppendLine($"| {name} | {measure} | {cells} | {Format(own / best, "F2")} | {Format(Floor(workload.Spec, measure, limit) / own, "P0")} |");
            }
        }
        return text.ToString();

        static string Cell(double? ns, string peer, double? best) =>
            ns is { } value ? Invariant($"{(ns == best && !PeerWorkload.Engines.Contains(peer) ? "**" : "")}{value:G4}{(ns == best && !PeerWorkload.Engines.Contains(peer) ? "**" : "")}") : "";
    }

    /// <summary>The least time that the machine could take, in nanoseconds per sample; null where no one limit says it.</summary>
    private static double? Floor(NetworkSpec spec, string measure, Dictionary<string, MachineLimit> limits)
    {
        double flops = 0;
        for (int i = 0; i < spec.Layers.Count; i++)
        {
            int products = measure == "b" ? 1 : i == 0 ? 2 : 3; // A step adds δ·aᵀ, and Wᵀ·δ in all layers but the first.
            flops += 2.0 * products * spec.InputsOf(i) * spec.Layers[i].Units;
        }
        double peak = limits.Values.Where(l => l.Limit.StartsWith("fma", StringComparison.Ordinal)).Select(l => l.Value).DefaultIfEmpty(double.NaN).Max();
        MachineLimit? cache = limits.Values.Where(l => l.Bytes >= spec.ParameterCount * sizeof(float)).MinBy(l => l.Bytes);
        return measure switch
        {
            "a" or "a'" => spec.ParameterCount * sizeof(float) / cache?.Value,
            "b" or "d" => flops / peak,
            _ => null,
        };
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Format(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
