namespace Backprop.Aot;

// Between them: every activation and loss, both reductions, all ways of unrolling, scratch on the stack and from the pool, samples
// in the lanes and units in the lanes.

/// <summary>A batch of it is computed with the samples in the lanes.</summary>
[Network(2, Loss = Loss.HalfSquaredError)]
[Dense(4, Activation.Tanh)]
[Dense(1, Activation.Sigmoid)]
public sealed partial class NarrowNet;

/// <summary>A small classifier with a layer of each kind: wider than a vector, narrower, and a fused output.</summary>
[Network(19, Loss = Loss.CrossEntropy)]
[Dense(35, Activation.Tanh)]
[Dense(9, Activation.ReLU)]
[Dense(3, Activation.Softmax)]
public sealed partial class ClassifierNet;

/// <summary>Its scratch comes from the pool, and its layers have panels of several widths.</summary>
[Network(70, Loss = Loss.Huber, BatchSize = 32)]
[Dense(200, Activation.GELU)]
[Dense(100, Activation.LeakyReLU, Bias = false)]
[Dense(33, Activation.HardSwish)]
public sealed partial class PooledNet;

/// <summary>The activations that the others do not have.</summary>
[Network(9, Loss = Loss.BinaryCrossEntropy, Reduction = Reduction.Sum, BatchSize = 7)]
[Dense(20, Activation.SiLU)]
[Dense(9, Activation.Softplus)]
[Dense(16, Activation.Mish)]
[Dense(13, Activation.ELU)]
[Dense(31, Activation.SELU)]
[Dense(12, Activation.Softsign)]
[Dense(8, Activation.GELUTanh)]
[Dense(11, Activation.HardSigmoid)]
[Dense(17, Activation.HardTanh)]
[Dense(6, Activation.Sigmoid)]
public sealed partial class DeepNet;

/// <summary>Written out over several methods.</summary>
[Network(96, Loss = Loss.MeanAbsoluteError, Unroll = Unroll.Full)]
[Dense(80, Activation.ReLU)]
[Dense(20)]
public sealed partial class FullNet;

/// <summary>Nothing is written out.</summary>
[Network(30, Loss = Loss.MeanSquaredError, Unroll = Unroll.Tiled)]
[Dense(40, Activation.Tanh)]
[Dense(5)]
public sealed partial class TiledNet;
