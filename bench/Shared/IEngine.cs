namespace Backprop.Benchmarks;

/// <summary>What is measured: one way to run and train a network, in float, on parameters in canonical order.</summary>
public interface IEngine
{
    /// <summary>Computes the outputs of one or more samples.</summary>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="outputs">[samples, outputs]; overwritten.</param>
    void Forward(ReadOnlySpan<float> inputs, Span<float> outputs);

    /// <summary>One step of plain SGD on the mean loss of one or more samples.</summary>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="targets">[samples, outputs].</param>
    /// <param name="learningRate">η.</param>
    /// <returns>The mean loss before the step.</returns>
    float TrainStep(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, float learningRate);

    /// <summary>Copies the parameters out.</summary>
    /// <param name="destination">[parameters], canonical order; overwritten.</param>
    void CopyParametersTo(Span<float> destination);

    /// <summary>Replaces the parameters.</summary>
    /// <param name="source">[parameters], canonical order.</param>
    void LoadParameters(ReadOnlySpan<float> source);
}
