using System.Diagnostics;
using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop.Benchmarks.Peers;

/// <summary>Generated networks beside themselves: optimizers, sizes of batches, threads, first calls.</summary>
public static class OwnMeasures
{
    /// <summary>Prints what a step of each optimizer takes, and its ratio to plain SGD: of one sample, and per sample of a batch.</summary>
    public static void Optimizers()
    {
        Optimizers<Mlp784x128x10>();
        Optimizers<Mlp64x32x10>();
        Optimizers<Mlp4x16x3>();
    }

    /// <summary>Prints nanoseconds per sample, forward and SGD step, for batches of several sizes.</summary>
    public static void Batches()
    {
        Batches<Mlp2x2x1>();
        Batches<Mlp4x16x3>();
        Batches<Mlp16x32x32x8>();
        Batches<Mlp64x32x10>();
        Batches<Mlp784x128x10>();
        Batches<Mlp128x128x128x128x128x10>();
    }

    /// <summary>Prints nanoseconds per sample of a gradient, without and with that by the inputs, for batches of several sizes.</summary>
    public static void Gradients()
    {
        Gradients<Mlp2x2x1>();
        Gradients<Mlp4x16x3>();
        Gradients<Mlp16x32x32x8>();
        Gradients<Mlp64x32x10>();
        Gradients<Mlp784x128x10>();
        Gradients<Mlp784x512x256x10>();
        Gradients<Mlp128x128x128x128x128x10>();
    }

    /// <summary>Prints the microseconds of a large batch's SGD step on one thread and on two, which take turns: the best and the median.</summary>
    public static void Threads()
    {
        Threads<Mlp784x128x10>();
        Threads<Mlp784x512x256x10>();
        Threads<Mlp128x128x128x128x128x10>();
    }

    /// <summary>Prints what an epoch of the trainer takes for each sample beside the steps alone, and what an evaluation takes.</summary>
    public static void Epochs()
    {
        Epochs<Mlp2x2x1>();
        Epochs<Mlp4x16x3>();
        Epochs<Mlp16x32x32x8>();
        Epochs<Mlp64x32x10>();
        Epochs<Mlp784x128x10>();
        Epochs<Mlp128x128x128x128x128x10>();
    }

    /// <summary>Prints the milliseconds that the first call of each member takes, the JIT's work included.</summary>
    public static void FirstCalls()
    {
        FirstCalls<Mlp2x2x1>();
        FirstCalls<Mlp4x16x3>();
        FirstCalls<Mlp16x32x32x8>();
        FirstCalls<Mlp64x32x10>();
        FirstCalls<Mlp784x128x10>();
        FirstCalls<Mlp784x512x256x10>();
        FirstCalls<Mlp128x128x128x128x128x10>();
    }

    private static void Threads<T>() where T : class, INetwork<T>
    {
        const int warmUp = 60, calls = 600;
        var data = new Workload(T.Spec);
        using var threads = new TrainingThreads(2);
        foreach (int samples in (int[])[256, 1024])
        {
            float[] inputs = Repeat(data.Inputs), targets = Repeat(data.Targets);
            T alone = T.Create(seed: 1), together = T.Create(seed: 1);
            double[] one = new double[calls], two = new double[calls];
            for (int i = -warmUp; i < calls; i++)
            {
                double time = Microseconds(() => alone.TrainStep(inputs, targets, Workload.LearningRate));
                double shared = Microseconds(() => threads.TrainStep(together, inputs, targets, Workload.LearningRate));
                if (i >= 0)
                    (one[i], two[i]) = (time, shared);
            }
            Array.Sort(one);
            Array.Sort(two);
            Console.WriteLine($"{typeof(T).Name}, {samples,4} samples: best {one[0]:F0} -> {two[0]:F0} us, {one[0] / two[0]:F2} x; median {one[calls / 2]:F0} -> {two[calls / 2]:F0} us, {one[calls / 2] / two[calls / 2]:F2} x");

            float[] Repeat(float[] values) => [.. Enumerable.Repeat(values, samples / Workload.Samples).SelectMany(all => all)];
        }

        static double Microseconds(Action step)
        {
            long start = Stopwatch.GetTimestamp();
            step();
            return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
    }

    // The best of many epochs over 4,096 samples.
    private static void Epochs<T>() where T : class, INetwork<T>
    {
        const int samples = 4096, epochs = 60;
        var random = new Random(1);
        float[] inputs = new float[samples * T.InputSize], targets = new float[samples * T.OutputSize];
        foreach (ref float x in inputs.AsSpan())
            x = random.NextSingle() - 0.5f;
        for (int s = 0; s < samples; s++)
            targets[s * T.OutputSize + random.Next(T.OutputSize)] = 1;
        var data = new Dataset(inputs, targets, T.InputSize, T.OutputSize);
        T network = T.Create(seed: 1);
        Console.WriteLine($"{typeof(T).Name}: ns per sample, {Workload.Samples} at a time: step {Step(Workload.Samples):F1}, in order {Epoch(Workload.Samples, Sampling.Sequential):F1}, "
            + $"shuffled {Epoch(Workload.Samples, Sampling.Shuffle):F1}; one at a time: {Step(1):F1}, {Epoch(1, Sampling.Sequential):F1}, {Epoch(1, Sampling.Shuffle):F1}; "
            + $"evaluation {Enumerable.Range(0, epochs).Min(_ => Milliseconds(() => Trainer.Evaluate(network, data))) * 1e6 / samples:F1}");

        double Step(int batch)
        {
            var sgd = new Sgd { LearningRate = Workload.LearningRate };
            return Nanoseconds(calls => Train(network, inputs.AsSpan(0, batch * T.InputSize), targets.AsSpan(0, batch * T.OutputSize), ref sgd, calls)) / batch;
        }

        double Epoch(int batch, Sampling sampling)
        {
            var sgd = new Sgd { LearningRate = Workload.LearningRate };
            var options = new TrainingOptions { BatchSize = batch, Sampling = sampling, Epochs = epochs };
            return Trainer.Fit(network, data, ref sgd, options).Min(epoch => epoch.Duration.TotalNanoseconds) / samples;
        }
    }

    private static void Optimizers<T>() where T : class, INetwork<T>
    {
        var data = new Workload(T.Spec);
        Console.WriteLine($"{typeof(T).Name}: ns, and ratio to plain SGD, for one sample and per sample of {Workload.Samples}");
        (double One, double Batch) plain = Times(new Sgd { LearningRate = Workload.LearningRate });
        Print("SGD", plain);
        Print("momentum", Times(new Sgd { LearningRate = Workload.LearningRate, Momentum = 0.9f }));
        Print("Nesterov", Times(new Sgd { LearningRate = Workload.LearningRate, Momentum = 0.9f, Nesterov = true }));
        Print("decay", Times(new Sgd { LearningRate = Workload.LearningRate, WeightDecay = 0.01f }));
        Print("Adam", Times(new Adam { LearningRate = Workload.LearningRate }));
        Print("AdamW", Times(new AdamW { LearningRate = Workload.LearningRate }));
        Print("RMSprop", Times(new RmsProp { LearningRate = Workload.LearningRate }));
        Print("AdaGrad", Times(new AdaGrad { LearningRate = Workload.LearningRate }));

        void Print(string name, (double One, double Batch) times) =>
            Console.WriteLine($"  {name,-9} {times.One,9:F1} ({times.One / plain.One:F2}) {times.Batch,9:F1} ({times.Batch / plain.Batch:F2})");

        (double One, double Batch) Times<TOptimizer>(TOptimizer optimizer) where TOptimizer : struct, IOptimizer
        {
            T network = T.Create(seed: 1);
            return (PerSample(1), PerSample(Workload.Samples));

            double PerSample(int samples) => Nanoseconds(calls =>
                Train(network, data.Inputs.AsSpan(0, samples * T.InputSize), data.Targets.AsSpan(0, samples * T.OutputSize), ref optimizer, calls)) / samples;
        }
    }

    private static void Batches<T>() where T : class, INetwork<T>
    {
        Console.WriteLine($"{typeof(T).Name}: samples: forward / SGD step, ns per sample");
        foreach (int samples in (int[])[1, 2, 3, 7, 33, 64, 65, 100])
        {
            T network = T.Create(seed: 1);
            AlignedBuffer inputs = new(samples * T.InputSize), targets = new(samples * T.OutputSize), outputs = new(targets.Length);
            var random = new Random(1);
            foreach (ref float x in inputs.Span)
                x = random.NextSingle();
            for (int s = 0; s < samples; s++)
                targets.Span[s * T.OutputSize] = 1;
            double forward = Nanoseconds(calls => Forward(network, inputs.Span, outputs.Span, calls)) / samples;
            var sgd = new Sgd { LearningRate = Workload.LearningRate };
            double step = Nanoseconds(calls => Train(network, inputs.Span, targets.Span, ref sgd, calls)) / samples;
            Console.WriteLine($"  {samples,3}: {forward,8:F1} / {step,8:F1}");
        }
    }

    private static void Gradients<T>() where T : class, INetwork<T>
    {
        var data = new Workload(T.Spec);
        T network = T.Create(seed: 1);
        AlignedBuffer gradient = new(T.ParameterCount), inputGradient = new(data.Inputs.Length);
        Console.Write($"{typeof(T).Name}: samples: gradient / with that by the inputs, ns per sample:");
        foreach (int samples in (int[])[1, 2, 3, 7, Workload.Samples])
            Console.Write($"  {samples}: {PerSample(samples, byInputs: false):F1} / {PerSample(samples, byInputs: true):F1}");
        Console.WriteLine();

        double PerSample(int samples, bool byInputs) =>
            Nanoseconds(calls => Backward(
                network, data.Inputs.AsSpan(0, samples * T.InputSize), data.Targets.AsSpan(0, samples * T.OutputSize), gradient.Span, byInputs ? inputGradient.Span[..(samples * T.InputSize)] : default, calls)) / samples;
    }

    private static void FirstCalls<T>() where T : class, INetwork<T>
    {
        var data = new Workload(T.Spec);
        float[] outputs = new float[data.Targets.Length], gradient = new float[T.ParameterCount], inputGradient = new float[data.Inputs.Length];
        T network = T.Create(seed: 1);
        var adam = new Adam();
        Console.WriteLine(
            $"{typeof(T).Name}: ms of first calls: "
            + $"forward, one sample {Milliseconds(() => network.Forward(data.Inputs.AsSpan(0, T.InputSize), outputs.AsSpan(0, T.OutputSize))):F1}, "
            + $"forward {Milliseconds(() => network.Forward(data.Inputs, outputs)):F1}, "
            + $"loss {Milliseconds(() => network.ComputeLoss(data.Inputs, data.Targets)):F1}, "
            + $"SGD step, one sample {Milliseconds(() => network.TrainStep(data.Inputs.AsSpan(0, T.InputSize), data.Targets.AsSpan(0, T.OutputSize), 0.1f)):F1}, "
            + $"SGD step {Milliseconds(() => network.TrainStep(data.Inputs, data.Targets, 0.1f)):F1}, "
            + $"Adam {Milliseconds(() => network.TrainStep(data.Inputs, data.Targets, ref adam)):F1}, "
            + $"backward {Milliseconds(() => network.Backward(data.Inputs, data.Targets, gradient, inputGradient)):F1}");
    }

    private static double Milliseconds(Action call)
    {
        long start = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Nanoseconds(Action<int> calls)
    {
        Timer.WarmUp(calls);
        return Timer.Nanoseconds(calls);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forward<T>(T network, ReadOnlySpan<float> inputs, Span<float> outputs, int calls) where T : class, INetwork<T>
    {
        for (int i = 0; i < calls; i++)
            network.Forward(inputs, outputs);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Train<T, TOptimizer>(T network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ref TOptimizer optimizer, int calls)
        where T : class, INetwork<T>
        where TOptimizer : struct, IOptimizer
    {
        for (int i = 0; i < calls; i++)
            network.TrainStep(inputs, targets, ref optimizer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Backward<T>(T network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient, Span<float> inputGradient, int calls)
        where T : class, INetwork<T>
    {
        for (int i = 0; i < calls; i++)
        {
            if (inputGradient.IsEmpty)
                network.Backward(inputs, targets, gradient);
            else
                network.Backward(inputs, targets, gradient, inputGradient);
        }
    }
}
