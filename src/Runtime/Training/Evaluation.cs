namespace Backprop;

/// <summary>How well a network does on a data set.</summary>
/// <param name="Loss">The mean loss over the samples.</param>
/// <param name="Accuracy">
/// The share that is right, from 0 to 1: of samples whose largest output is that of their class for <see cref="Backprop.Loss.CrossEntropy"/>,
/// of outputs on their target's side of ½ for <see cref="Backprop.Loss.BinaryCrossEntropy"/>; null for other losses.
/// </param>
public readonly record struct Evaluation(double Loss, double? Accuracy);
