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

    /// <summary>Forward: the activations of each hidden layer, then z of the output layer.</summary>
    public static ScratchPlan Forward(IReadOnlyList<LayerPlan> layers, int samples) => AddForward(new Buffers(), layers, samples).Plan();

    /// <summary>
    /// Training: first the buffers of the forward pass, in the same places, so that both share its code; δ of the output
    /// layer replaces z. Then δ of each hidden layer, whose buffer first holds φ′ where that comes from the forward pass,
    /// and for a batch the transposed panel of weights through which δ is propagated.
    /// </summary>
    /// <param name="layers">The layers, first to last.</param>
    /// <param name="samples">The most samples at once.</param>
    /// <param name="batch">Whether it is for the batch's kernels, which transpose weights.</param>
    public static ScratchPlan Gradient(IReadOnlyList<LayerPlan> layers, int samples, bool batch)
    {
        Buffers buffers = AddForward(new Buffers(), layers, samples);
        foreach (LayerPlan layer in layers.Where(layer => !layer.IsOutput))
            buffers.Add($"delta{layer.Number}", samples, layer.Stride);
        if (batch && layers.Count > 1)
            buffers.Add("transposed", 1, layers.Skip(1).Max(layer => layer.Units * layer.InputPanels.Width(0)));
        return buffers.Plan();
    }

    /// <summary>A training pass whose gradient is copied out afterwards: its buffers, then the gradient of all parameters.</summary>
    public static ScratchPlan WithGradient(ScratchPlan gradient, int parameterLength) =>
        new(new EquatableArray<BufferPlan>([.. gradient.Buffers, new BufferPlan("gradient", gradient.Length, 1, parameterLength)]));

    private static Buffers AddForward(Buffers buffers, IReadOnlyList<LayerPlan> layers, int samples)
    {
        foreach (LayerPlan layer in layers)
            buffers.Add(layer.IsOutput ? "z" : $"a{layer.Number}", samples, layer.Stride);
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
