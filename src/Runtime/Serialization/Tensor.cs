namespace Backprop;

/// <summary>One tensor of a network's parameters, as weights files name it.</summary>
/// <param name="Name">The name, such as <c>layers.0.weight</c>.</param>
/// <param name="Shape">The dimensions, as PyTorch's: [units, inputs] of a weight, [units] of a bias.</param>
/// <param name="Offset">Where it begins in the parameters in canonical order.</param>
internal sealed record Tensor(string Name, int[] Shape, int Offset)
{
    /// <summary>The number of values.</summary>
    public int Length => Shape.Aggregate(1, (length, dimension) => length * dimension);

    /// <summary>The tensors of a network in canonical order, which they fill without a gap.</summary>
    /// <param name="spec">The network's specification.</param>
    public static IReadOnlyList<Tensor> Of(NetworkSpec spec)
    {
        var tensors = new List<Tensor>();
        int offset = 0;
        for (int i = 0; i < spec.Layers.Count; i++)
        {
            Add($"layers.{i}.weight", spec.Layers[i].Units, spec.InputsOf(i));
            if (spec.Layers[i].Bias)
                Add($"layers.{i}.bias", spec.Layers[i].Units);
        }
        return tensors;

        void Add(string name, params int[] shape)
        {
            var tensor = new Tensor(name, shape, offset);
            tensors.Add(tensor);
            offset += tensor.Length;
        }
    }
}
