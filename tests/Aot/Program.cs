using System.Runtime.Intrinsics;
using Backprop;
using Backprop.Aot;

// Compiled ahead of time: the generated network against the reference engine, on one sample and on a batch.
// Exit code 0 where they agree, 1 where they do not.
const double Tolerance = 1e-5;
const float LearningRate = 0.1f;

var random = new Random(1);
bool agree = true;
foreach (int samples in (int[])[1, 21])
{
    var network = new AotNet(seed: 3);
    var reference = new ReferenceNetwork(AotNet.Spec, seed: 3);
    float[] inputs = [.. Enumerable.Range(0, samples * AotNet.InputSize).Select(_ => random.NextSingle())];
    var targets = new float[samples * AotNet.OutputSize];
    for (int sample = 0; sample < samples; sample++)
        targets[sample * AotNet.OutputSize + sample % AotNet.OutputSize] = 1;
    var outputs = new float[targets.Length];
    var parameters = new float[AotNet.ParameterCount];
    double[] referenceInputs = Array.ConvertAll(inputs, x => (double)x);
    double[] referenceTargets = Array.ConvertAll(targets, t => (double)t);
    var referenceOutputs = new double[targets.Length];
    var referenceParameters = new double[parameters.Length];

    for (int step = 0; step < 5; step++)
    {
        float loss = network.TrainStep(inputs, targets, LearningRate);
        double referenceLoss = reference.TrainStep(referenceInputs, referenceTargets, LearningRate);
        Compare($"loss of step {step + 1}, {samples} samples", [loss], [referenceLoss]);
    }
    network.Forward(inputs, outputs);
    reference.Forward(referenceInputs, referenceOutputs);
    Compare($"outputs, {samples} samples", outputs, referenceOutputs);
    network.CopyParametersTo(parameters);
    reference.CopyParametersTo(referenceParameters);
    Compare($"parameters, {samples} samples", parameters, referenceParameters);
}
Console.WriteLine($"vectors: 512 {Vector512.IsHardwareAccelerated}, 256 {Vector256.IsHardwareAccelerated}, 128 {Vector128.IsHardwareAccelerated}");
return agree ? 0 : 1;

void Compare(string what, ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
{
    double worst = 0;
    for (int i = 0; i < actual.Length; i++)
    {
        double difference = Math.Abs(actual[i] - expected[i]);
        worst = difference <= worst ? worst : difference; // NaN is the worst.
    }
    bool close = worst <= Tolerance;
    agree &= close;
    Console.WriteLine($"{(close ? "ok  " : "FAIL")} {what}: largest difference {worst:G3}");
}
