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
    public static string OfOne(NetworkPlan plan, LayerPlan layer, LayerSchedule schedule)
    {
        long bytes = plan.ParameterLength * (long)sizeof(float);
        string? cache = plan.ParameterLength <= Caches.ParametersInL1 ? null : bytes <= Caches.L2 ? "the L2 cache" : bytes <= Caches.L3 ? "the L3 cache" : "memory";
        if (cache is not null)
            return $"reading {Kibibytes(layer.Layout.Length * (long)sizeof(float))} of weights from {cache}";
        int multiplyAdds = layer.Inputs / schedule.RowsInVector * (layer.Layout.PaddedUnits / schedule.Lanes);
        int loads = multiplyAdds + (schedule.TakesVectors ? 0 : schedule.SpreadsInputs ? layer.Inputs / 2 : layer.Inputs / schedule.RowsInVector);
        return loads / 2 > LatencyOfLayer
            ? $"the load ports, {loads} loads for {multiplyAdds} multiply-adds"
            : "latency, from input to output";
    }

    /// <summary>What limits a tile's product over a batch.</summary>
    public static string OfBatch(TilePlan tile)
    {
        int loads = tile.Columns + tile.Rows, multiplyAdds = tile.Columns * tile.Rows;
        return $"{(loads > multiplyAdds ? "the load ports" : "the multiply-add units")}, {multiplyAdds} multiply-adds for {tile.Columns} vector and {tile.Rows} scalar loads";
    }

    private static string Kibibytes(long bytes) => $"{(bytes + 1023) / 1024} KiB";
}
