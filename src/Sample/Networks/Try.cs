using Backprop;
namespace Try;
[Network(64, Loss = Loss.CrossEntropy)]
[Dense(32, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
public sealed partial class W4;
[Network(2, Loss = Loss.HalfSquaredError)]
[Dense(2, Activation.Sigmoid)]
[Dense(1, Activation.Sigmoid)]
public sealed partial class W1;
[Network(784, Loss = Loss.CrossEntropy)]
[Dense(512, Activation.ReLU)]
[Dense(256, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
public sealed partial class W6;
