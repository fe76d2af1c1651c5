namespace Backprop.Sample.Demos;

/// <summary>What a network says about a data set.</summary>
/// <param name="Data">The samples.</param>
/// <param name="Outputs">The network's outputs, [samples, outputs].</param>
internal sealed record Predictions(Dataset Data, float[] Outputs)
{
    /// <summary>Asks a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The samples.</param>
    public static Predictions Of<TNetwork>(TNetwork network, Dataset data) where TNetwork : class, INetwork<TNetwork>
    {
        var outputs = new float[data.Count * data.OutputSize];
        network.Forward(data.Inputs, outputs);
        return new Predictions(data, outputs);
    }

    /// <summary>The class that the network takes a sample for.</summary>
    /// <param name="sample">The sample, from 0.</param>
    public int ClassOf(int sample)
    {
        ReadOnlySpan<float> outputs = OutputsOf(sample);
        int best = 0;
        for (int i = 1; i < outputs.Length; i++)
        {
            if (outputs[i] > outputs[best])
                best = i;
        }
        return best;
    }

    /// <summary>How sure the network is of that: its output for the class.</summary>
    /// <param name="sample">The sample, from 0.</param>
    public float ConfidenceOf(int sample) => OutputsOf(sample)[ClassOf(sample)];

    /// <summary>Whether that is the sample's class.</summary>
    /// <param name="sample">The sample, from 0.</param>
    public bool IsRight(int sample) => ClassOf(sample) == Data.ClassOf(sample);

    /// <summary>The network's outputs for a sample.</summary>
    /// <param name="sample">The sample, from 0.</param>
    public ReadOnlySpan<float> OutputsOf(int sample) => Outputs.AsSpan(sample * Data.OutputSize, Data.OutputSize);
}
