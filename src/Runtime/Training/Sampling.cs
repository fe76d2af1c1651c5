namespace Backprop;

/// <summary>In which order an epoch goes through the training set.</summary>
public enum Sampling
{
    /// <summary>Every sample once, in a new random order each epoch.</summary>
    Shuffle,

    /// <summary>As many samples as there are, each drawn from all of them: the classic stochastic gradient (Robbins and Monro 1951).</summary>
    WithReplacement,

    /// <summary>Every sample once, in the order of the data set.</summary>
    Sequential,
}
