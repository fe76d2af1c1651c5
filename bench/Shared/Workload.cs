namespace Backprop.Benchmarks;

/// <summary>
/// A network with parameters and samples for it, the same on every run and every machine. Values come from a linear
/// congruential generator, so that a peer in any language could make them too.
/// </summary>
public sealed class Workload
{
    /// <summary>The samples of a workload: the larger of the two batches that are measured.</summary>
    public const int Samples = 64;

    /// <summary>The learning rate of every measured step: small, so that thousands of steps on one batch stay finite.</summary>
    public const float LearningRate = 1e-3f;

    private uint _state = 12345;

    /// <summary>A workload on a network.</summary>
    /// <param name="spec">The network.</param>
    public Workload(NetworkSpec spec)
    {
        Spec = spec;
        Parameters = MakeParameters();
        Inputs = Uniform(Samples * spec.Inputs, 0, 1);
        Targets = MakeTargets();
    }

    /// <summary>The network.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>Initial parameters in canonical order: ±1/√n for a layer of n inputs, as PyTorch's default.</summary>
    public float[] Parameters { get; }

    /// <summary>[Samples, inputs], from 0 to 1.</summary>
    public float[] Inputs { get; }

    /// <summary>[Samples, outputs]: one-hot for cross-entropy, else from 0 to 1.</summary>
    public float[] Targets { get; }

    private float[] MakeParameters()
    {
        var parameters = new List<float>(Spec.ParameterCount);
        for (int i = 0; i < Spec.Layers.Count; i++)
        {
            float bound = 1 / MathF.Sqrt(Spec.InputsOf(i));
            int rows = Spec.InputsOf(i) + (Spec.Layers[i].Bias ? 1 : 0);
            parameters.AddRange(Uniform(Spec.Layers[i].Units * rows, -bound, bound));
        }
        return [.. parameters];
    }

    private float[] MakeTargets()
    {
        if (Spec.Loss != Loss.CrossEntropy)
            return Uniform(Samples * Spec.Outputs, 0, 1);
        var targets = new float[Samples * Spec.Outputs];
        for (int sample = 0; sample < Samples; sample++)
            targets[sample * Spec.Outputs + sample % Spec.Outputs] = 1;
        return targets;
    }

    private float[] Uniform(int count, float low, float high)
    {
        var values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            _state = unchecked(_state * 1664525 + 1013904223);
            value = low + (high - low) * ((_state >> 8) / (float)(1 << 24));
        }
        return values;
    }
}
