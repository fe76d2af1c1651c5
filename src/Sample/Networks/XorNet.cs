namespace Backprop.Sample.Networks;

/// <summary>The exclusive or of two bits: the smallest problem that no network without a hidden layer can learn.</summary>
[Network(2, Loss = Loss.BinaryCrossEntropy, BatchSize = 4)]
[Dense(4, Activation.Tanh)]
[Dense(1, Activation.Sigmoid)]
public sealed partial class XorNet;
