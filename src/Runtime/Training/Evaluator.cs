using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop;

/// <summary>Measures a network on data sets, in mini-batches through a buffer that it allocates once.</summary>
/// <typeparam name="TNetwork">The network's type.</typeparam>
internal sealed class Evaluator<TNetwork> where TNetwork : class, INetwork<TNetwork>
{
    private readonly Loss _loss = TNetwork.Spec.Loss;
    private readonly int _batchSize = TNetwork.Spec.BatchSize;
    private readonly int _classes = TNetwork.OutputSize;
    private float[] _outputs = [];

    /// <summary>Measures loss and accuracy.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The samples.</param>
    public Evaluation Evaluate(TNetwork network, Dataset data)
    {
        double loss = 0;
        for (int first = 0; first < data.Count; first += _batchSize)
        {
            int count = Math.Min(_batchSize, data.Count - first);
            SampleSpan batch = SampleSpan.Of(data, first, count);
            loss += (double)network.ComputeLoss(batch.Inputs, batch.Targets) * count;
        }
        return new Evaluation(loss / data.Count, Accuracy(network, data));
    }

    /// <summary>Measures the accuracy, or returns null where the loss is not a classification one.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The samples.</param>
    public double? Accuracy(TNetwork network, Dataset data)
    {
        if (_loss is not (Loss.CrossEntropy or Loss.BinaryCrossEntropy))
            return null;
        int length = Math.Min(_batchSize, data.Count) * _classes;
        if (_outputs.Length < length)
            _outputs = new float[length];

        long right = 0;
        for (int first = 0; first < data.Count; first += _batchSize)
        {
            SampleSpan batch = SampleSpan.Of(data, first, Math.Min(_batchSize, data.Count - first));
            Span<float> outputs = _outputs.AsSpan(0, batch.Targets.Length);
            network.Forward(batch.Inputs, outputs);
            right += _loss == Loss.CrossEntropy ? RightClasses(outputs, batch.Targets, _classes) : RightSides(outputs, batch.Targets);
        }
        return right / (_loss == Loss.CrossEntropy ? data.Count : (double)data.Targets.Length);
    }

    [MethodImpl(JitOptions.Optimized)]
    private static int RightClasses(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int classes)
    {
        int right = 0;
        for (int start = 0; start < outputs.Length; start += classes)
        {
            if (ArgMax.Of(outputs.Slice(start, classes)) == ArgMax.Of(targets.Slice(start, classes)))
                right++;
        }
        return right;
    }

    [MethodImpl(JitOptions.Optimized)]
    private static int RightSides(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        int right = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            if (!float.IsNaN(outputs[i]) && outputs[i] >= 0.5f == targets[i] >= 0.5f)
                right++;
        }
        return right;
    }
}
