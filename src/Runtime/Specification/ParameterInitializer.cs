namespace Backprop;

/// <summary>
/// Draws a network's initial parameters. They depend on the specification and the seed alone: only operations that IEEE 754
/// rounds correctly are used, and each draw is rounded to float once.
/// </summary>
public static class ParameterInitializer
{
    /// <summary>Fills the parameters of all layers from their <see cref="Initializer"/>.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="parameters">[ParameterCount], canonical order; overwritten.</param>
    /// <exception cref="ArgumentException">The length is wrong, or <paramref name="spec"/> is null; nothing was written.</exception>
    public static void Fill(NetworkSpec spec, int seed, Span<float> parameters)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Kernels.ArgumentGuard.Exact(parameters.Length, spec.ParameterCount, nameof(parameters));
        var random = new RandomSource(seed);
        for (int i = 0; i < spec.Layers.Count; i++)
        {
            DenseSpec layer = spec.Layers[i];
            int inputs = spec.InputsOf(i);
            int weights = layer.Units * inputs;
            int biases = layer.Bias ? layer.Units : 0;
            FillWeights(layer.Initializer, inputs, layer.Units, random, parameters[..weights]);
            FillBiases(layer.Initializer, inputs, random, parameters.Slice(weights, biases));
            parameters = parameters[(weights + biases)..];
        }
    }

    private static void FillWeights(Initializer initializer, int inputs, int units, RandomSource random, Span<float> weights)
    {
        double n = inputs, m = units;
        switch (initializer)
        {
            case Initializer.Default:
                FillUniform(1 / Math.Sqrt(n), random, weights);
                break;
            case Initializer.GlorotUniform:
                FillUniform(Math.Sqrt(6 / (n + m)), random, weights);
                break;
            case Initializer.GlorotNormal:
                FillNormal(Math.Sqrt(2 / (n + m)), random, weights);
                break;
            case Initializer.HeUniform:
                FillUniform(Math.Sqrt(6 / n), random, weights);
                break;
            case Initializer.HeNormal:
                FillNormal(Math.Sqrt(2 / n), random, weights);
                break;
            case Initializer.Zeros:
                weights.Clear();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(initializer), initializer, "No such initializer");
        }
    }

    private static void FillBiases(Initializer initializer, int inputs, RandomSource random, Span<float> biases)
    {
        if (initializer == Initializer.Default)
            FillUniform(1 / Math.Sqrt(inputs), random, biases);
        else
            biases.Clear();
    }

    private static void FillUniform(double limit, RandomSource random, Span<float> values)
    {
        foreach (ref float value in values)
            value = (float)(limit * (2 * random.NextDouble() - 1));
    }

    private static void FillNormal(double deviation, RandomSource random, Span<float> values)
    {
        foreach (ref float value in values)
            value = (float)(deviation * random.NextNormal());
    }
}
