namespace Backprop.Aot;

/// <summary>Everything that a network computes from data that a seed gives, by name.</summary>
/// <typeparam name="TNet">The network.</typeparam>
/// <typeparam name="TOptimizer">An optimizer to train it with.</typeparam>
internal static class Experiment<TNet, TOptimizer>
    where TNet : class, INetwork<TNet>
    where TOptimizer : struct, IOptimizer
{
    private const int Steps = 3;

    // One, a remainder of every tile, a full slice, and more than a slice.
    private static readonly int[] s_samples = [1, 5, 64, 130];

    public static IEnumerable<Result> Run(Func<TOptimizer> optimizer)
    {
        var random = new Random(TNet.ParameterCount);
        foreach (int samples in s_samples)
        {
            Dataset data = Draw(samples, random);
            foreach (Result result in Compute(data).Concat(Train(data, optimizer())))
                yield return result with { Name = $"{typeof(TNet).Name}, {samples} samples: {result.Name}" };
        }

        Dataset all = Draw(200, random);
        foreach (Result result in Fit(all, optimizer()))
            yield return result with { Name = $"{typeof(TNet).Name}: {result.Name}" };
    }

    /// <summary>What the reference engine says too.</summary>
    private static IEnumerable<Result> Compute(Dataset data)
    {
        TNet net = TNet.Create(seed: 3);
        float[] outputs = new float[data.Targets.Length], gradient = new float[TNet.ParameterCount], inputGradient = new float[data.Inputs.Length];
        var reference = new ReferenceNetwork(TNet.Spec, seed: 3);
        double[] x = Widen(data.Inputs), t = Widen(data.Targets);
        double[] exactOutputs = new double[t.Length], exactGradient = new double[gradient.Length], exactInputGradient = new double[x.Length];
        reference.Forward(x, exactOutputs);
        double exactLoss = reference.Backward(x, t, exactGradient, exactInputGradient);

        net.Forward(data.Inputs, outputs);
        yield return new("outputs", outputs, exactOutputs);
        yield return new("loss", [net.ComputeLoss(data.Inputs, data.Targets)], [exactLoss]);
        yield return new("loss of Backward", [net.Backward(data.Inputs, data.Targets, gradient)], [exactLoss]);
        yield return new("gradient", gradient, exactGradient);
        net.Backward(data.Inputs, data.Targets, gradient, inputGradient);
        yield return new("gradient beside the input gradient", gradient, exactGradient);
        yield return new("input gradient", inputGradient, exactInputGradient);
    }

    private static IEnumerable<Result> Train(Dataset data, TOptimizer optimizer)
    {
        TNet plain = TNet.Create(seed: 3), optimized = TNet.Create(seed: 3);
        var losses = new float[2 * Steps];
        for (int step = 0; step < Steps; step++)
        {
            losses[step] = plain.TrainStep(data.Inputs, data.Targets, 0.05f);
            losses[Steps + step] = optimized.TrainStep(data.Inputs, data.Targets, ref optimizer);
        }
        yield return new("losses of training", losses);
        yield return new("parameters after plain training", Parameters(plain));
        yield return new($"parameters after training with {typeof(TOptimizer).Name}", Parameters(optimized));
    }

    /// <summary>The trainer, alone and on threads; and its network through a weights file.</summary>
    private static IEnumerable<Result> Fit(Dataset data, TOptimizer fresh)
    {
        foreach (int threads in (int[])[1, 2])
        {
            TNet net = TNet.Create(seed: 4), read = TNet.Create();
            TOptimizer optimizer = fresh;
            TrainingHistory history = Trainer.Fit(net, data, ref optimizer, new TrainingOptions { Epochs = 2, BatchSize = 48, Threads = threads });
            yield return new($"losses of Fit on {threads} threads", [.. history.Select(epoch => (float)epoch.TrainingLoss)]);
            using var file = new MemoryStream();
            Weights.Save(net, file);
            file.Position = 0;
            Weights.Load(read, file);
            yield return new($"parameters after Fit on {threads} threads", Parameters(read));
        }
    }

    private static Dataset Draw(int samples, Random random)
    {
        float[] inputs = [.. Enumerable.Range(0, samples * TNet.InputSize).Select(_ => 2 * random.NextSingle() - 1)];
        var targets = new float[samples * TNet.OutputSize];
        for (int i = 0; i < targets.Length; i++)
            targets[i] = TNet.Spec.Loss == Loss.CrossEntropy ? i % TNet.OutputSize == i / TNet.OutputSize % TNet.OutputSize ? 1 : 0 : random.NextSingle();
        return new Dataset(inputs, targets, TNet.InputSize, TNet.OutputSize);
    }

    private static float[] Parameters(TNet net)
    {
        var parameters = new float[TNet.ParameterCount];
        net.CopyParametersTo(parameters);
        return parameters;
    }

    private static double[] Widen(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);
}
