namespace Backprop.Sample.Networks;

/// <summary>A handwritten digit from 28 × 28 pixels.</summary>
[Network(784, Loss = Loss.CrossEntropy)]
[Dense(128, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
public sealed partial class MnistNet;
