namespace Backprop.Benchmarks;

// The generated networks that are measured. Each gets IEngine's members from the generator.

/// <summary>2-2-1: the textbook's XOR network.</summary>
[Network(2, Loss = Loss.HalfSquaredError)]
[Dense(2, Activation.Sigmoid)]
[Dense(1, Activation.Sigmoid)]
public sealed partial class Mlp2x2x1 : IEngine;

/// <summary>4-16-3: a small classifier.</summary>
[Network(4, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.Tanh)]
[Dense(3, Activation.Softmax)]
public sealed partial class Mlp4x16x3 : IEngine;

/// <summary>16-32-32-8: a small regression.</summary>
[Network(16, Loss = Loss.MeanSquaredError)]
[Dense(32, Activation.Tanh)]
[Dense(32, Activation.Tanh)]
[Dense(8)]
public sealed partial class Mlp16x32x32x8 : IEngine;

/// <summary>64-32-10: 8×8 digits.</summary>
[Network(64, Loss = Loss.CrossEntropy)]
[Dense(32, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
public sealed partial class Mlp64x32x10 : IEngine;

/// <summary>128-64-64-10: a medium classifier.</summary>
[Network(128, Loss = Loss.CrossEntropy)]
[Dense(64, Activation.ReLU)]
[Dense(64, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
public sealed partial class Mlp128x64x64x10 : IEngine;

/// <summary>784-128-10: MNIST.</summary>
[Network(784, Loss = Loss.CrossEntropy)]
[Dense(128, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
public sealed partial class Mlp784x128x10 : IEngine;

/// <summary>784-512-256-10: MNIST, wide.</summary>
[Network(784, Loss = Loss.CrossEntropy)]
[Dense(512, Activation.ReLU)]
[Dense(256, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
public sealed partial class Mlp784x512x256x10 : IEngine;

/// <summary>128-128-128-128-128-10: deep.</summary>
[Network(128, Loss = Loss.CrossEntropy)]
[Dense(128, Activation.ReLU)]
[Dense(128, Activation.ReLU)]
[Dense(128, Activation.ReLU)]
[Dense(128, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
public sealed partial class Mlp128x128x128x128x128x10 : IEngine;
