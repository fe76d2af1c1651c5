namespace Backprop.Soak;

/// <summary>Everything on the stack, in fractions of a microsecond.</summary>
[Network(4, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.Tanh)]
[Dense(3, Activation.Softmax)]
public sealed partial class SmallNet;

/// <summary>Scratch memory from the pool, and batches of several slices.</summary>
[Network(64, Loss = Loss.CrossEntropy, BatchSize = 16)]
[Dense(48, Activation.GELU)]
[Dense(10, Activation.Softmax)]
public sealed partial class PooledNet;
