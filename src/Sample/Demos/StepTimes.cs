using System.Diagnostics;

namespace Backprop.Sample.Demos;

/// <summary>The time of one training step of a generated network and of the reference engine, on the same samples.</summary>
/// <param name="BatchSize">The samples in the step.</param>
/// <param name="GeneratedNanoseconds">The generated network's time.</param>
/// <param name="ReferenceNanoseconds">The reference engine's time.</param>
internal sealed record StepTimes(int BatchSize, double GeneratedNanoseconds, double ReferenceNanoseconds)
{
    private const float LearningRate = 0.001f;
    private const int Repeats = 15;
    private static readonly TimeSpan s_repeat = TimeSpan.FromMilliseconds(4);

    // The reference engine's methods are compiled anew, optimised, after some calls and a delay of 100 ms.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(250);

    /// <summary>Measures on the first samples of a data set, on networks of its own.</summary>
    /// <typeparam name="TNetwork">The network.</typeparam>
    /// <param name="data">The samples.</param>
    /// <param name="batchSize">The samples in a step.</param>
    public static StepTimes Measure<TNetwork>(Dataset data, int batchSize) where TNetwork : class, INetwork<TNetwork>
    {
        float[] inputs = data.Inputs[..(batchSize * data.InputSize)].ToArray(), targets = data.Targets[..(batchSize * data.OutputSize)].ToArray();
        double[] preciseInputs = Array.ConvertAll(inputs, x => (double)x), preciseTargets = Array.ConvertAll(targets, x => (double)x);
        TNetwork generated = TNetwork.Create();
        var reference = new ReferenceNetwork(TNetwork.Spec);
        return new StepTimes(
            batchSize,
            Time(steps =>
            {
                for (int i = 0; i < steps; i++)
                    generated.TrainStep(inputs, targets, LearningRate);
            }),
            Time(steps =>
            {
                for (int i = 0; i < steps; i++)
                    reference.TrainStep(preciseInputs, preciseTargets, LearningRate);
            }));
    }

    /// <summary>The median time of a step in nanoseconds, over repeats of as many steps as fill a few milliseconds.</summary>
    private static double Time(Action<int> run)
    {
        int steps = 1;
        for (TimeSpan spent = default; spent < s_warmUp;)
        {
            TimeSpan time = Elapsed(run, steps);
            spent += time;
            if (time < s_repeat)
                steps *= 2;
        }
        var times = new double[Repeats];
        for (int i = 0; i < times.Length; i++)
            times[i] = Elapsed(run, steps).TotalNanoseconds / steps;
        Array.Sort(times);
        return times[Repeats / 2];
    }

    private static TimeSpan Elapsed(Action<int> run, int steps)
    {
        long start = Stopwatch.GetTimestamp();
        run(steps);
        return Stopwatch.GetElapsedTime(start);
    }
}
