namespace Backprop;

/// <summary>How a loss combines the outputs of one sample. (Over the samples of a batch it is always the mean.)</summary>
public enum Reduction
{
    /// <summary>The mean over the outputs.</summary>
    Mean,

    /// <summary>The sum over the outputs.</summary>
    Sum,
}
