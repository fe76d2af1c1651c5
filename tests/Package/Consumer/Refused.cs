#if REFUSED
using Backprop;

// Cross-entropy needs softmax: the analyzer of the package says so here.
[Network(4, Loss = Loss.CrossEntropy)]
[Dense(3, Activation.Tanh)]
internal sealed partial class RefusedNet;
#endif
