namespace Backprop.Generator.Planning;

/// <summary>
/// What limits a product, for a core that starts two multiply-adds and two vector loads a cycle, with 48 KiB of L1 and 1 MiB of L2:
/// what the plan of a shape has to be judged by. It decides nothing.
/// </summary>
internal static class Bottleneck
{
    // About the cycles from a product's last multiply-add to its layer's outputs: partial sums, φ, and their way through memory.
    private const int LatencyOfLayer = 40;

    /// <summary>What limits a layer's product with one sample.</summary>
    /// <param name="plan">The network, whose parameters share the caches.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="schedule">How it is computed.</param>
    /// <param name="width">The kernels' vector width.</param>
    public static string OfOne(NetworkPlan plan, LayerPlan layer, LayerSchedule schedule, VectorWidth width)
    {
        long bytes = plan.ParameterLength * (long)sizeof(float);
        string? cache = plan.ParameterLength <= Caches.ParametersInL1 ? null : bytes <= Caches.L2 ? "the L2 cache" : bytes <= Caches.L3 ? "the L3 cache" : "memory";
        if (cache is not null)
            return $"reading {Kibibytes(layer.ParameterLength * (long)sizeof(float))} of weights from {cache}";
        (int multiplyAdds, int loads) = layer.Dots is { } dots ? OfDots(dots, width) : OfProduct(layer, schedule);
        return loads / 2 > LatencyOfLayer
            ? $"the load ports, {loads} loads for {multiplyAdds} multiply-adds"
            : "latency, from input to output";
    }

    private static (int MultiplyAdds, int Loads) OfProduct(LayerPlan layer, LayerSchedule schedule)
    {
        int multiplyAdds = layer.Inputs / schedule.RowsInVector * (layer.Layout.PaddedUnits / schedule.Lanes);
        return (multiplyAdds, multiplyAdds + (schedule.TakesVectors ? 0 : schedule.SpreadsInputs ? layer.Inputs / 2 : layer.Inputs / schedule.RowsInVector));
    }

    private static (int MultiplyAdds, int Loads) OfDots(DotLayout layout, VectorWidth width)
    {
        int vectors = (layout.Inputs + width.Lanes - 1) / width.Lanes;
        return (vectors * layout.Units, vectors * (layout.Units + 1));
    }

    /// <summary>What limits a tile's product over a batch.</summary>
    /// <param name="vectors">The vectors of weights that a step reads.</param>
    /// <param name="others">What it reads besides: numbers, or vectors of inputs.</param>
    /// <param name="kind">What these are.</param>
    public static string OfBatch(int vectors, int others, string kind = "scalar")
    {
        int loads = vectors + others, multiplyAdds = vectors * others;
        return $"{(loads > multiplyAdds ? "the load ports" : "the multiply-add units")}, {multiplyAdds} multiply-adds for {vectors} vector and {others} {kind} loads";
    }

    private static string Kibibytes(long bytes) => $"{(bytes + 1023) / 1024} KiB";
}
