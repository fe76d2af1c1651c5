namespace Backprop;

/// <summary>What a network is: its sizes, activations and loss, as a value. Two specifications with equal contents are equal.</summary>
public sealed record NetworkSpec
{
    /// <summary>The mini-batch that kernels are tiled for where nothing else is asked.</summary>
    public const int DefaultBatchSize = 64;

    /// <summary>A network of <paramref name="inputs"/> inputs and the given layers, first to last.</summary>
    /// <param name="inputs">The number of inputs of one sample.</param>
    /// <param name="layers">The layers in order; the list is copied.</param>
    /// <exception cref="ArgumentException"><paramref name="layers"/>, or one of them, is null.</exception>
    public NetworkSpec(int inputs, IEnumerable<DenseSpec> layers)
    {
        Inputs = inputs;
        Layers = (layers ?? throw new ArgumentNullException(nameof(layers))).ToArray();
        if (Layers.Contains(null!))
            throw new ArgumentException("A layer is null", nameof(layers));
    }

    /// <summary>The number of inputs of one sample.</summary>
    public int Inputs { get; }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<DenseSpec> Layers { get; }

    /// <summary>The loss that training minimises.</summary>
    public Loss Loss { get; init; }

    /// <summary>How the loss combines the outputs of one sample.</summary>
    public Reduction Reduction { get; init; }

    /// <summary>The mini-batch that the kernels are tiled for, in samples; any other count works too.</summary>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>How far products are written out.</summary>
    public Unroll Unroll { get; init; }

    /// <summary>The number of outputs of one sample: the units of the last layer.</summary>
    public int Outputs => Layers[Layers.Count - 1].Units;

    /// <summary>The number of parameters: Σ over layers of units · inputs, plus units where there is a bias.</summary>
    public int ParameterCount
    {
        get
        {
            int count = 0;
            for (int i = 0; i < Layers.Count; i++)
                count += Layers[i].Units * (InputsOf(i) + (Layers[i].Bias ? 1 : 0));
            return count;
        }
    }

    /// <summary>What the loss of one sample is divided by: the number of outputs for a mean over them, else 1.</summary>
    public int LossDivisor =>
        Reduction == Reduction.Mean && Loss is not (Loss.HalfSquaredError or Loss.CrossEntropy) ? Outputs : 1;

    /// <summary>The number of inputs of a layer.</summary>
    /// <param name="layer">The layer, from 0.</param>
    public int InputsOf(int layer) => layer == 0 ? Inputs : Layers[layer - 1].Units;

    /// <inheritdoc/>
    public bool Equals(NetworkSpec? other) =>
        other is not null && Inputs == other.Inputs && Loss == other.Loss && Reduction == other.Reduction
        && BatchSize == other.BatchSize && Unroll == other.Unroll && Layers.SequenceEqual(other.Layers);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        Layers.Aggregate((((Inputs * 31 + (int)Loss) * 31 + (int)Reduction) * 31 + BatchSize) * 31 + (int)Unroll, (hash, layer) => unchecked(hash * 31 + layer.GetHashCode()));
}
