using Backprop;

namespace Runtime.Tests.Networks;

/// <summary>The smallest network that is one: everything fits into registers.</summary>
[Network(2, Loss = Loss.HalfSquaredError)]
[Dense(2, Activation.Sigmoid)]
[Dense(1, Activation.Sigmoid)]
internal sealed partial class TinyNet;

/// <summary>A classifier whose scratch lives on the stack for one sample and for a batch.</summary>
[Network(13, Loss = Loss.CrossEntropy)]
[Dense(17, Activation.Tanh)]
[Dense(5, Activation.Softmax)]
internal sealed partial class StackNet;

/// <summary>A classifier whose rows of outputs are too long to have the samples in the lanes.</summary>
[Network(13, Loss = Loss.CrossEntropy)]
[Dense(17, Activation.Tanh)]
[Dense(75, Activation.Softmax)]
internal sealed partial class ManyClassesNet;

/// <summary>A network whose steps on a batch take a little more than the stack has.</summary>
[Network(20)]
[Dense(40, Activation.Tanh)]
[Dense(40, Activation.ReLU)]
[Dense(20)]
internal sealed partial class MediumNet;

/// <summary>A network whose batches live in pooled memory, and whose layers have panels of two widths.</summary>
[Network(70, Loss = Loss.Huber)]
[Dense(330, Activation.GELU)]
[Dense(100, Activation.ReLU, Bias = false)]
[Dense(33, Activation.HardSwish)]
internal sealed partial class PooledNet;

/// <summary>A network whose gradient of one sample does not fit the stack either.</summary>
[Network(600, Loss = Loss.MeanAbsoluteError, Reduction = Reduction.Sum)]
[Dense(1000, Activation.LeakyReLU)]
[Dense(7)]
internal sealed partial class WideNet;

/// <summary>A network of eight layers, in slices of odd size.</summary>
[Network(9, Loss = Loss.BinaryCrossEntropy, BatchSize = 7)]
[Dense(20, Activation.SiLU)]
[Dense(9, Activation.Softplus)]
[Dense(16, Activation.Mish)]
[Dense(3, Activation.ELU)]
[Dense(31, Activation.SELU)]
[Dense(12, Activation.Softsign)]
[Dense(8, Activation.GELUTanh)]
[Dense(6, Activation.Sigmoid)]
internal sealed partial class DeepNet;
