namespace Backprop.Aot;

/// <summary>A small classifier with a layer of each kind: wider than a vector, narrower, and a fused output.</summary>
[Network(19, Loss = Loss.CrossEntropy)]
[Dense(35, Activation.Tanh)]
[Dense(9, Activation.ReLU)]
[Dense(3, Activation.Softmax)]
public sealed partial class AotNet;
