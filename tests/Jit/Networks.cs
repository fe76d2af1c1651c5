namespace Backprop.Jit;

// What the JIT has to cope with: every activation where a single sample stays in registers and in layers of a vector or two, as hidden
// layer and as output, under every loss; the dearest, and some others, in layers that are larger.

[Network(3, Loss = Loss.HalfSquaredError)]
[Dense(4, Activation.Sigmoid)]
[Dense(2, Activation.Sigmoid)]
internal sealed partial class Sigmoid3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.Sigmoid)]
[Dense(3, Activation.Softmax)]
internal sealed partial class Sigmoid5x16x3;

[Network(3, Loss = Loss.MeanSquaredError)]
[Dense(4, Activation.Tanh)]
[Dense(2, Activation.Tanh)]
internal sealed partial class Tanh3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.Tanh)]
[Dense(3, Activation.Softmax)]
internal sealed partial class Tanh5x16x3;

[Network(16, Loss = Loss.MeanAbsoluteError)]
[Dense(32, Activation.Tanh)]
[Dense(12, Activation.Tanh)]
internal sealed partial class Tanh16x32x12;

[Network(3, Loss = Loss.MeanAbsoluteError)]
[Dense(4, Activation.ReLU)]
[Dense(2, Activation.ReLU)]
internal sealed partial class ReLU3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.ReLU)]
[Dense(3, Activation.Softmax)]
internal sealed partial class ReLU5x16x3;

[Network(3, Loss = Loss.Huber)]
[Dense(4, Activation.LeakyReLU)]
[Dense(2, Activation.LeakyReLU)]
internal sealed partial class LeakyReLU3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.LeakyReLU)]
[Dense(3, Activation.Softmax)]
internal sealed partial class LeakyReLU5x16x3;

[Network(3, Loss = Loss.HalfSquaredError)]
[Dense(4, Activation.ELU)]
[Dense(2, Activation.ELU)]
internal sealed partial class ELU3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.ELU)]
[Dense(3, Activation.Softmax)]
internal sealed partial class ELU5x16x3;

[Network(16, Loss = Loss.MeanSquaredError)]
[Dense(32, Activation.ELU)]
[Dense(12, Activation.ELU)]
internal sealed partial class ELU16x32x12;

[Network(3, Loss = Loss.MeanSquaredError)]
[Dense(4, Activation.SELU)]
[Dense(2, Activation.SELU)]
internal sealed partial class SELU3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.SELU)]
[Dense(3, Activation.Softmax)]
internal sealed partial class SELU5x16x3;

[Network(3, Loss = Loss.MeanAbsoluteError)]
[Dense(4, Activation.GELU)]
[Dense(2, Activation.GELU)]
internal sealed partial class GELU3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.GELU)]
[Dense(3, Activation.Softmax)]
internal sealed partial class GELU5x16x3;

[Network(16, Loss = Loss.Huber)]
[Dense(32, Activation.GELU)]
[Dense(12, Activation.GELU)]
internal sealed partial class GELU16x32x12;

[Network(3, Loss = Loss.Huber)]
[Dense(4, Activation.GELUTanh)]
[Dense(2, Activation.GELUTanh)]
internal sealed partial class GELUTanh3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.GELUTanh)]
[Dense(3, Activation.Softmax)]
internal sealed partial class GELUTanh5x16x3;

[Network(3, Loss = Loss.HalfSquaredError)]
[Dense(4, Activation.SiLU)]
[Dense(2, Activation.SiLU)]
internal sealed partial class SiLU3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.SiLU)]
[Dense(3, Activation.Softmax)]
internal sealed partial class SiLU5x16x3;

[Network(3, Loss = Loss.MeanSquaredError)]
[Dense(4, Activation.Softplus)]
[Dense(2, Activation.Softplus)]
internal sealed partial class Softplus3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.Softplus)]
[Dense(3, Activation.Softmax)]
internal sealed partial class Softplus5x16x3;

[Network(16, Loss = Loss.MeanAbsoluteError)]
[Dense(32, Activation.Softplus)]
[Dense(12, Activation.Softplus)]
internal sealed partial class Softplus16x32x12;

[Network(3, Loss = Loss.MeanAbsoluteError)]
[Dense(4, Activation.Mish)]
[Dense(2, Activation.Mish)]
internal sealed partial class Mish3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.Mish)]
[Dense(3, Activation.Softmax)]
internal sealed partial class Mish5x16x3;

[Network(16, Loss = Loss.Huber)]
[Dense(32, Activation.Mish)]
[Dense(12, Activation.Mish)]
internal sealed partial class Mish16x32x12;

[Network(3, Loss = Loss.Huber)]
[Dense(4, Activation.Softsign)]
[Dense(2, Activation.Softsign)]
internal sealed partial class Softsign3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.Softsign)]
[Dense(3, Activation.Softmax)]
internal sealed partial class Softsign5x16x3;

[Network(3, Loss = Loss.HalfSquaredError)]
[Dense(4, Activation.HardSigmoid)]
[Dense(2, Activation.HardSigmoid)]
internal sealed partial class HardSigmoid3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.HardSigmoid)]
[Dense(3, Activation.Softmax)]
internal sealed partial class HardSigmoid5x16x3;

[Network(3, Loss = Loss.MeanSquaredError)]
[Dense(4, Activation.HardTanh)]
[Dense(2, Activation.HardTanh)]
internal sealed partial class HardTanh3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.HardTanh)]
[Dense(3, Activation.Softmax)]
internal sealed partial class HardTanh5x16x3;

[Network(3, Loss = Loss.MeanAbsoluteError)]
[Dense(4, Activation.HardSwish)]
[Dense(2, Activation.HardSwish)]
internal sealed partial class HardSwish3x4x2;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.HardSwish)]
[Dense(3, Activation.Softmax)]
internal sealed partial class HardSwish5x16x3;

[Network(20, Loss = Loss.BinaryCrossEntropy)]
[Dense(24, Activation.Mish)]
[Dense(24, Activation.Softplus)]
[Dense(1, Activation.Sigmoid)]
internal sealed partial class Binary;

[Network(64, Loss = Loss.CrossEntropy)]
[Dense(64, Activation.GELU)]
[Dense(40, Activation.Softmax)]
internal sealed partial class Wide;

[Network(6, Loss = Loss.Huber)]
[Dense(8, Activation.Tanh)]
[Dense(8, Activation.Tanh)]
[Dense(8, Activation.Softmax)]
internal sealed partial class SoftmaxUnderHuber;

[Network(100, Loss = Loss.CrossEntropy)]
[Dense(70, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
internal sealed partial class Classifier;

// Where budgets of whole methods end: a step of one sample in registers with its forward pass in it, and without; many rows beside a
// wide output; steps in loops over four vectors of ReLU and two of tanh; layers that follow each other with the samples in the lanes.

[Network(4, Loss = Loss.CrossEntropy)]
[Dense(16, Activation.Tanh)]
[Dense(3, Activation.Softmax)]
internal sealed partial class StepInRegisters;

[Network(5, Loss = Loss.CrossEntropy)]
[Dense(6, Activation.Sigmoid)]
[Dense(9, Activation.Sigmoid)]
[Dense(5, Activation.Softmax)]
internal sealed partial class ThreeInRegisters;

[Network(12, Loss = Loss.CrossEntropy)]
[Dense(3, Activation.SELU)]
[Dense(6, Activation.SELU)]
[Dense(9, Activation.Softmax)]
internal sealed partial class OfThreeWidths;

[Network(44, Loss = Loss.CrossEntropy)]
[Dense(5, Activation.Sigmoid)]
[Dense(13, Activation.Softmax)]
internal sealed partial class ManyRows;

[Network(31, Loss = Loss.HalfSquaredError)]
[Dense(16, Activation.Sigmoid)]
internal sealed partial class ManyRowsOfOutputs;

[Network(10, Loss = Loss.CrossEntropy)]
[Dense(20, Activation.ReLU)]
[Dense(5, Activation.Softmax)]
internal sealed partial class FourVectors;

[Network(15, Loss = Loss.CrossEntropy)]
[Dense(10, Activation.Tanh)]
[Dense(11, Activation.Softmax)]
internal sealed partial class TwoVectorsInLoops;

[Network(15, Loss = Loss.HalfSquaredError)]
[Dense(30, Activation.ReLU)]
[Dense(29, Activation.ReLU)]
[Dense(20, Activation.ReLU)]
[Dense(3, Activation.Sigmoid)]
internal sealed partial class FourInLanes;

[Network(13, Loss = Loss.HalfSquaredError)]
[Dense(47, Activation.GELU)]
[Dense(7, Activation.GELU)]
[Dense(12, Activation.GELU)]
[Dense(8)]
internal sealed partial class FourOfGELUInLanes;

[Network(17, Loss = Loss.CrossEntropy)]
[Dense(7, Activation.LeakyReLU)]
[Dense(5, Activation.LeakyReLU)]
[Dense(6, Activation.LeakyReLU)]
[Dense(8, Activation.Softmax)]
internal sealed partial class FourInRegisters;

// Two samples go one after the other, and the second forms the products of both.
[Network(16, Loss = Loss.MeanSquaredError)]
[Dense(32, Activation.Tanh)]
[Dense(32, Activation.Tanh)]
[Dense(8)]
internal sealed partial class Pairs;

// One layer along its inputs: many units, the dearest activations, a tail in part of a vector and several blocks.
[Network(784, Loss = Loss.CrossEntropy)]
[Dense(10, Activation.Softmax)]
internal sealed partial class Regression;

[Network(101, Loss = Loss.Huber)]
[Dense(12, Activation.Mish)]
internal sealed partial class TwelveOfMish;

[Network(79, Loss = Loss.MeanSquaredError)]
[Dense(8, Activation.GELU)]
internal sealed partial class EightOfGELU;

[Network(90, Loss = Loss.MeanAbsoluteError)]
[Dense(3, Activation.Softmax)]
internal sealed partial class ThreeOfSoftmax;

[Network(1100, Loss = Loss.BinaryCrossEntropy)]
[Dense(1, Activation.Sigmoid)]
internal sealed partial class Logistic;

// A last layer along the units below it: many units, the dearest activations, a tail, activations in variables and in memory.
[Network(20, Loss = Loss.CrossEntropy)]
[Dense(113, Activation.GELU)]
[Dense(12, Activation.Softmax)]
internal sealed partial class TwelveBehindGELU;

[Network(16, Loss = Loss.Huber)]
[Dense(64, Activation.Mish)]
[Dense(40, Activation.Mish)]
[Dense(12, Activation.Mish)]
internal sealed partial class TwelveOfMishBehindMish;

[Network(8, Loss = Loss.HalfSquaredError)]
[Dense(256, Activation.ReLU)]
[Dense(1, Activation.Tanh)]
internal sealed partial class OneBehindMany;

// Outputs of up to eight vectors from registers, behind a written-out product.
[Network(16, Loss = Loss.Huber)]
[Dense(120, Activation.LeakyReLU)]
internal sealed partial class ManyPlainOutputs;

[Network(6, Loss = Loss.Huber)]
[Dense(8, Activation.GELU)]
[Dense(8, Activation.GELU)]
[Dense(64, Activation.LeakyReLU)]
internal sealed partial class PlainOutputsBehindGELU;

// Few outputs from the variables of many vectors below; the method that all is inlined into is as short as can be.
[Network(8)]
[Dense(128, Activation.ReLU)]
[Dense(8)]
internal sealed partial class EightBehindVariables;

[Network(32, Loss = Loss.Huber)]
[Dense(64, Activation.LeakyReLU)]
[Dense(12, Activation.LeakyReLU)]
internal sealed partial class TwelveBehindVariables;

[Network(16)]
[Dense(64, Activation.Tanh)]
[Dense(12)]
internal sealed partial class TwelveBehindTanh;

[Network(32)]
[Dense(32, Activation.ReLU)]
[Dense(32, Activation.ReLU)]
[Dense(4)]
internal sealed partial class FourBehindTwo;

[Network(16, Loss = Loss.CrossEntropy)]
[Dense(96, Activation.ReLU)]
[Dense(12, Activation.Softmax)]
internal sealed partial class TwelveOfSoftmaxBehindVariables;

[Network(8)]
[Dense(256, Activation.ReLU)]
[Dense(1)]
internal sealed partial class OneBehindSixteenVectors;

[Network(12, Loss = Loss.CrossEntropy)]
[Dense(100, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
internal sealed partial class TenBehindATail;

[Network(9, Loss = Loss.HalfSquaredError)]
[Dense(200, Activation.ReLU)]
[Dense(2, Activation.Sigmoid)]
internal sealed partial class TwoBehindThirteenVectors;

// Steps in variables, there and back: as much as the budget allows in one method, and with the first layer's gradient apart; with φ′ from the forward pass, and a tail.
[Network(13, Loss = Loss.CrossEntropy)]
[Dense(20, Activation.GELU)]
[Dense(2, Activation.Softmax)]
internal sealed partial class StepInVariablesOfGELU;

[Network(24, Loss = Loss.CrossEntropy)]
[Dense(32, Activation.Tanh)]
[Dense(4, Activation.Softmax)]
internal sealed partial class StepInVariablesOfTanh;

[Network(16, Loss = Loss.BinaryCrossEntropy)]
[Dense(61, Activation.ReLU)]
[Dense(3, Activation.Sigmoid)]
internal sealed partial class StepInVariablesBehindATail;

[Network(64, Loss = Loss.CrossEntropy)]
[Dense(32, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
internal sealed partial class StepInVariablesWithoutTheFirst;

[Network(14, Loss = Loss.CrossEntropy)]
[Dense(100, Activation.ReLU)]
[Dense(2, Activation.Softmax)]
internal sealed partial class StepInVariablesOfTwoPanels;

[Network(24)]
[Dense(64)]
internal sealed partial class StepInVariablesOfOneLayer;

[Network(10, Loss = Loss.Huber)]
[Dense(100, Activation.ReLU)]
internal sealed partial class StepInVariablesOfOneLayerOfTwoPanels;

[Network(8, Loss = Loss.CrossEntropy)]
[Dense(24, Activation.ReLU)]
[Dense(5, Activation.Softmax)]
internal sealed partial class StepInVariablesOfFive;

// In registers, a few samples go one by one, each of which adds its gradient to the sum.
[Network(8, Loss = Loss.CrossEntropy)]
[Dense(9, Activation.Sigmoid)]
[Dense(14, Activation.Softmax)]
internal sealed partial class PairInRegisters;

// The last 14 of 46 rows, whose panels have two widths, in a method of their own.
[Network(8, Loss = Loss.HalfSquaredError)]
[Dense(46, Activation.Mish)]
[Dense(105)]
internal sealed partial class RestOfRowsApart;

[Network(8, Loss = Loss.CrossEntropy)]
[Dense(256, Activation.ReLU)]
[Dense(8, Activation.Softmax)]
internal sealed partial class EightBehindSixteenVectors;

// Locals of a forward pass: as many as are inlined, and too many.
[Network(32, Loss = Loss.CrossEntropy)]
[Dense(64, Activation.ReLU)]
[Dense(10, Activation.Softmax)]
internal sealed partial class LocalsOfTen;

[Network(15, Loss = Loss.CrossEntropy)]
[Dense(14, Activation.GELUTanh)]
[Dense(13, Activation.GELUTanh, Bias = false)]
[Dense(15, Activation.GELUTanh)]
[Dense(9, Activation.Softmax)]
internal sealed partial class LocalsOfFourLayers;
