using Backprop;

// Learns the exclusive or with what the package brings. Exit code 0 where it did.
float[] inputs = [0, 0, 0, 1, 1, 0, 1, 1], targets = [0, 1, 1, 0];
var net = new XorNet(seed: 1);
var adam = new Adam { LearningRate = 0.1f };
float loss = 0;
for (int step = 0; step < 500; step++)
    loss = net.TrainStep(inputs, targets, ref adam);

var outputs = new float[4];
net.Forward(inputs, outputs);
bool learned = outputs.Zip(targets, (y, t) => MathF.Abs(y - t)).Max() < 0.1f;
Console.WriteLine($"{(learned ? "learned" : "did not learn")}: loss {loss:G3}, outputs {string.Join(" ", outputs.Select(y => y.ToString("F2")))}, on .NET {Environment.Version} with {typeof(Adam).Assembly.GetName().Name} for {AppContext.TargetFrameworkName}");
return learned ? 0 : 1;

[Network(2, Loss = Loss.BinaryCrossEntropy)]
[Dense(4, Activation.Tanh)]
[Dense(1, Activation.Sigmoid)]
internal sealed partial class XorNet;
