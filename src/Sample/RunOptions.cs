namespace Backprop.Sample;

/// <summary>What the command line asks for.</summary>
/// <param name="Epochs">The number of epochs, or null for the demonstration's own.</param>
/// <param name="Seed">The seed of the initial parameters, of the split and of the order of the samples.</param>
/// <param name="Quick">Whether a few epochs are enough.</param>
internal sealed record RunOptions(int? Epochs, int Seed, bool Quick);
