using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>Lays out the scratch memory of the entry points.</summary>
internal static class ScratchPlanner
{
    /// <summary>The most floats that a slice's scratch may take; a larger mini-batch is sliced thinner.</summary>
    private const int MaxSliceFloats = 16 * 1024 * 1024;

    /// <summary>The batch size that was asked for, halved until the scratch of a slice is bounded.</summary>
    public static int SliceSize(NetworkSpec spec, IReadOnlyList<LayerPlan> layers)
    {
        long perSample = layers.Sum(layer => 2L * layer.Stride);
        int size = spec.BatchSize;
        while (size > 1 && size * perSample > MaxSliceFloats)
            size = (size + 1) / 2;
        return size;
    }

    /// <summary>Forward, one sample: the activations of each hidden layer, then z of the output layer.</summary>
    public static ScratchPlan ForwardOne(IReadOnlyList<LayerPlan> layers) => AddForward(new Buffers(), layers, samples: 1).Plan();

    /// <summary>Training, one sample.</summary>
    public static ScratchPlan GradientOne(IReadOnlyList<LayerPlan> layers) => AddGradient(new Buffers(), layers, samples: 1).Plan();

    /// <summary>Forward, a slice of a batch; where samples go into lanes for the output stage, a block of z and t besides.</summary>
    public static ScratchPlan ForwardBatch(IReadOnlyList<LayerPlan> layers, int samples, bool outputInLanes, bool turns) =>
        AddOutputLanes(AddForward(AddTurned(layers, turns), layers, samples), layers, outputInLanes).Plan();

    /// <summary>Training, a slice of a batch; the transposed panel of weights is what δ is propagated through.</summary>
    public static ScratchPlan GradientBatch(IReadOnlyList<LayerPlan> layers, int samples, bool outputInLanes, bool turns)
    {
        Buffers buffers = AddOutputLanes(AddGradient(AddTurned(layers, turns), layers, samples), layers, outputInLanes);
        LayerPlan[] transposed = [.. layers.Where(layer => layer.TransposesWeights)];
        if (transposed.Length > 0)
            buffers.Add("transposed", 1, transposed.Max(layer => layer.Units * layer.InputPanels.Width(0)));
        return buffers.Plan();
    }

    /// <summary>Samples that go through a network together where they are in the lanes: as many as leave their rows in the L1 cache.</summary>
    public static int SamplesInLanes(IReadOnlyList<LayerPlan> layers, int slice)
    {
        const int least = TilePlanner.VectorsInLanes * PanelLayout.Alignment, most = 2 * least;
        int rows = layers[0].Inputs + layers.Sum(layer => 2 * layer.Units);
        return rows * most <= Caches.ParametersInL1 && slice > least ? most : least;
    }

    /// <summary>Forward with the samples in the lanes: one row of samples for each input, unit and target.</summary>
    public static ScratchPlan ForwardLanes(IReadOnlyList<LayerPlan> layers, int samples) => AddLanes(new Buffers(), layers, samples).Plan();

    /// <summary>Training with the samples in the lanes: δ of each hidden unit besides, and the gradient.</summary>
    public static ScratchPlan GradientLanes(IReadOnlyList<LayerPlan> layers, int samples, int parameterLength)
    {
        Buffers buffers = AddLanes(new Buffers(), layers, samples);
        foreach (LayerPlan layer in layers.Where(layer => !layer.IsOutput))
            buffers.Add($"ds{layer.Number}", layer.Units, samples);
        buffers.Add("gs", 1, parameterLength);
        return buffers.Plan();
    }

    // The parameters of one layer at a time, turned round for the forward product; or a panel of its gradient, and the same turned back.
    private static Buffers AddTurned(IReadOnlyList<LayerPlan> layers, bool turns)
    {
        var buffers = new Buffers();
        int longest = layers.Where(layer => turns && VectorWidth.All.Any(width => DotPlanner.Turns(width, layer))).Select(TurnedLength).DefaultIfEmpty(0).Max();
        if (longest > 0)
            buffers.Add("turned", 1, longest);
        return buffers;
    }

    private static int TurnedLength(LayerPlan layer) =>
        Math.Max(layer.Turned.Length, (layer.Units + layer.Layout.PaddedUnits) * layer.Turned.Weights.Width(0));

    private static Buffers AddForward(Buffers buffers, IReadOnlyList<LayerPlan> layers, int samples)
    {
        foreach (LayerPlan layer in layers)
            buffers.Add(layer.IsOutput ? "z" : $"a{layer.Number}", samples, layer.Stride);
        return buffers;
    }

    // First the buffers of the forward pass, in the same places, so that both share its code: δ of the output layer replaces
    // z. Then δ of each hidden layer, whose buffer first holds φ′ where that comes from the forward pass.
    private static Buffers AddGradient(Buffers buffers, IReadOnlyList<LayerPlan> layers, int samples)
    {
        AddForward(buffers, layers, samples);
        foreach (LayerPlan layer in layers.Where(layer => !layer.IsOutput))
            buffers.Add($"delta{layer.Number}", samples, layer.Stride);
        return buffers;
    }

    private static Buffers AddOutputLanes(Buffers buffers, IReadOnlyList<LayerPlan> layers, bool outputInLanes)
    {
        if (outputInLanes && !layers[layers.Count - 1].StagesInPlace)
            buffers.Add("lanes", layers[layers.Count - 1].ColumnsInLanes + layers[layers.Count - 1].Units, PanelLayout.Alignment);
        return buffers;
    }

    private static Buffers AddLanes(Buffers buffers, IReadOnlyList<LayerPlan> layers, int samples)
    {
        buffers.Add("xs", layers[0].Inputs, samples);
        foreach (LayerPlan layer in layers)
            buffers.Add(layer.IsOutput ? "zs" : $"as{layer.Number}", layer.Units, samples);
        buffers.Add("ts", layers[layers.Count - 1].Units, samples);
        return buffers;
    }

    private sealed class Buffers
    {
        private readonly List<BufferPlan> _buffers = [];
        private int _length;

        public void Add(string name, int rows, int stride)
        {
            var buffer = new BufferPlan(name, _length, rows, stride);
            _buffers.Add(buffer);
            _length = checked(_length + buffer.Length);
        }

        public ScratchPlan Plan() => new(new EquatableArray<BufferPlan>([.. _buffers]));
    }
}
