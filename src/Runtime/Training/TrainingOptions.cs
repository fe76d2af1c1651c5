namespace Backprop;

/// <summary>How <see cref="Trainer"/> is to train.</summary>
public sealed record TrainingOptions
{
    /// <summary>How many times to go through the training set; 10 by default.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>The samples of one step; 32 by default, 1 for single samples. The last step of an epoch may have fewer.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// How many threads do each step together; 1 by default. The result is the same for any number, bit for bit.
    /// <see cref="TrainingThreads"/> says when more than one pays.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>The seed of the order of the samples.</summary>
    public int Seed { get; init; }

    /// <summary>The order of the samples; <see cref="Sampling.Shuffle"/> by default.</summary>
    public Sampling Sampling { get; init; }

    /// <summary>Samples to measure loss and accuracy on after each epoch, or null.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>Whether to measure the accuracy on the training set after each epoch, which costs a forward pass over it.</summary>
    public bool MeasureTrainingAccuracy { get; init; }

    /// <summary>The learning rate of each epoch, from epoch 1; null leaves the optimizer's as it is.</summary>
    public Func<int, float>? LearningRate { get; init; }

    /// <summary>Is told of each epoch when it is over.</summary>
    public IProgress<EpochReport>? Progress { get; init; }

    /// <summary>Stops the training between two steps.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Throws where an option makes no sense.</summary>
    /// <exception cref="ArgumentException">It does; the message names the option and its value.</exception>
    internal void Validate()
    {
        if (Epochs < 1)
            throw new ArgumentException($"{nameof(Epochs)} is 1 or more; {Epochs} was given");
        if (BatchSize < 1)
            throw new ArgumentException($"{nameof(BatchSize)} is 1 or more; {BatchSize} was given");
        if (Threads < 1)
            throw new ArgumentException($"{nameof(Threads)} is 1 or more; {Threads} was given");
        if (!Enum.IsDefined(Sampling))
            throw new ArgumentException($"{nameof(Sampling)} has no value {Sampling}");
    }
}
