namespace Backprop;

/// <summary>What came of one epoch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainingLoss">The mean loss over the epoch's samples, each measured in the step that it took part in.</param>
/// <param name="TrainingAccuracy">The accuracy on the training set after the epoch, from 0 to 1; null where it was not asked for or the loss is not a classification one.</param>
/// <param name="ValidationLoss">The mean loss on the validation set after the epoch; null without one.</param>
/// <param name="ValidationAccuracy">The accuracy on the validation set after the epoch, from 0 to 1; null without one or where the loss is not a classification one.</param>
/// <param name="Duration">How long the epoch's steps took, measurements aside.</param>
/// <param name="SamplesPerSecond">The samples trained on in a second of that.</param>
public sealed record EpochReport(
    int Epoch,
    double TrainingLoss,
    double? TrainingAccuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    TimeSpan Duration,
    double SamplesPerSecond);
