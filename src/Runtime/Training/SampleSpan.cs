namespace Backprop;

/// <summary>Some samples: what one step or one measurement works on.</summary>
/// <param name="inputs">[samples, inputs].</param>
/// <param name="targets">[samples, outputs].</param>
internal readonly ref struct SampleSpan(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
{
    /// <summary>[samples, inputs].</summary>
    public ReadOnlySpan<float> Inputs { get; } = inputs;

    /// <summary>[samples, outputs].</summary>
    public ReadOnlySpan<float> Targets { get; } = targets;

    /// <summary>A run of a data set's samples, where they lie.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="first">The first sample.</param>
    /// <param name="count">The number of samples.</param>
    public static SampleSpan Of(Dataset data, int first, int count) => new(
        data.Inputs.Slice(first * data.InputSize, count * data.InputSize),
        data.Targets.Slice(first * data.OutputSize, count * data.OutputSize));
}
