using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>From a specification that fails to a small one that still does.</summary>
internal static class Shrinking
{
    /// <summary>Candidates are compiled together, so many at a time.</summary>
    private const int Together = 8;

    private const int MostRounds = 40;

    /// <summary>Takes the first simpler specification that fails too, as long as there is one.</summary>
    /// <param name="spec">It fails.</param>
    /// <param name="fail">Says of each of some specifications whether it fails.</param>
    public static NetworkSpec Smallest(NetworkSpec spec, Func<IReadOnlyList<NetworkSpec>, IReadOnlyList<bool>> fail)
    {
        for (int round = 0; round < MostRounds; round++)
        {
            NetworkSpec? simpler = Simpler(spec).Where(candidate => SpecificationRules.Check(candidate).Count == 0)
                .Chunk(Together)
                .Select(candidates => candidates.Zip(fail(candidates)).FirstOrDefault(found => found.Second).First)
                .FirstOrDefault(found => found is not null);
            if (simpler is null)
                break;
            spec = simpler;
        }
        return spec;
    }

    /// <summary>Specifications that are simpler by one step, the largest steps first.</summary>
    public static IEnumerable<NetworkSpec> Simpler(NetworkSpec spec)
    {
        for (int l = 0; spec.Layers.Count > 1 && l < spec.Layers.Count; l++)
            yield return With(spec, layers: [.. spec.Layers.Where((_, i) => i != l)]);
        foreach (int less in Less(spec.Inputs))
            yield return With(spec, less);
        for (int l = 0; l < spec.Layers.Count; l++)
        {
            foreach (int less in Less(spec.Layers[l].Units))
                yield return WithLayer(spec, l, spec.Layers[l] with { Units = less });
        }
        foreach (NetworkSpec plain in new[]
        {
            spec with { Unroll = Unroll.Auto }, spec with { BatchSize = NetworkSpec.DefaultBatchSize },
            spec with { Reduction = Reduction.Mean }, spec with { Loss = Loss.HalfSquaredError },
        })
        {
            if (plain != spec)
                yield return plain;
        }
        for (int l = 0; l < spec.Layers.Count; l++)
        {
            var plain = new DenseSpec(spec.Layers[l].Units);
            foreach (DenseSpec layer in new[] { spec.Layers[l] with { Activation = plain.Activation }, plain with { Activation = spec.Layers[l].Activation } })
            {
                if (layer != spec.Layers[l])
                    yield return WithLayer(spec, l, layer);
            }
        }
    }

    private static IEnumerable<int> Less(int size) => new[] { 1, size / 2, size - 1 }.Where(less => less > 0 && less < size).Distinct();

    private static NetworkSpec WithLayer(NetworkSpec spec, int index, DenseSpec layer) => With(spec, layers: [.. spec.Layers.Select((l, i) => i == index ? layer : l)]);

    private static NetworkSpec With(NetworkSpec spec, int? inputs = null, IEnumerable<DenseSpec>? layers = null) => new(inputs ?? spec.Inputs, layers ?? spec.Layers)
    {
        Loss = spec.Loss,
        Reduction = spec.Reduction,
        BatchSize = spec.BatchSize,
        Unroll = spec.Unroll,
    };
}
