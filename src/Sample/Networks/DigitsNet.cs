namespace Backprop.Sample.Networks;

/// <summary>A handwritten digit from 8 × 8 pixels.</summary>
[Network(64, Loss = Loss.CrossEntropy, BatchSize = 32)]
[Dense(32, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
public sealed partial class DigitsNet;
