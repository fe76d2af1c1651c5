namespace Backprop.Sample.Networks;

/// <summary>The species of an iris from four measures of its flower.</summary>
[Network(4, Loss = Loss.CrossEntropy, BatchSize = 16)]
[Dense(16, Activation.Tanh)]
[Dense(3, Activation.Softmax)]
public sealed partial class IrisNet;
