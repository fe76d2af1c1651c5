using System.Diagnostics;
using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop;

/// <summary>Trains networks on data sets and measures them.</summary>
public static class Trainer
{
    /// <summary>
    /// Trains a network: epochs of mini-batch steps, each followed by measurements. Steps allocate nothing. The same
    /// network, data, optimizer and options give the same parameters, on any number of threads.
    /// </summary>
    /// <typeparam name="TNetwork">The network's type.</typeparam>
    /// <typeparam name="TOptimizer">The optimizer's type.</typeparam>
    /// <param name="network">The network; its parameters are trained from where they are.</param>
    /// <param name="train">The training set.</param>
    /// <param name="optimizer">The optimizer; its state goes on from where it is.</param>
    /// <param name="options">How to train; the defaults of <see cref="TrainingOptions"/> where null.</param>
    /// <returns>A report of each epoch.</returns>
    /// <exception cref="ArgumentException">A data set does not fit the network, or an option makes no sense.</exception>
    /// <exception cref="TrainingDivergedException">The loss is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled; the parameters are those of the last whole step.</exception>
    /// <exception cref="InvalidOperationException">The optimizer has already been used on another network.</exception>
    public static TrainingHistory Fit<TNetwork, TOptimizer>(
        TNetwork network, Dataset train, ref TOptimizer optimizer, TrainingOptions? options = null)
        where TNetwork : class, INetwork<TNetwork>
        where TOptimizer : struct, IOptimizer
    {
        ArgumentNullException.ThrowIfNull(network);
        RequireFit<TNetwork>(train, nameof(train));
        options ??= new TrainingOptions();
        options.Validate();
        if (options.Validation is not null)
            RequireFit<TNetwork>(options.Validation, nameof(TrainingOptions.Validation));

        using TrainingThreads? threads = options.Threads == 1 ? null : new TrainingThreads(options.Threads);
        // The network's member is looked up here, once: it is generic, and code that all networks share would look it up in every call.
        Step<TOptimizer> step = threads is null ? network.TrainStep
            : (ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ref TOptimizer state) => threads.TrainStep(network, inputs, targets, ref state);
        var batches = new MiniBatches(train, options, threads?.Workers);
        var evaluator = new Evaluator<TNetwork>();
        var history = new TrainingHistory();
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            if (options.LearningRate is not null)
                optimizer.LearningRate = options.LearningRate(epoch);
            long start = Stopwatch.GetTimestamp();
            double loss = TrainEpoch(step, network, batches, ref optimizer, epoch, options.CancellationToken) / train.Count;
            TimeSpan duration = Stopwatch.GetElapsedTime(start);

            Evaluation? validation = options.Validation is null ? null : evaluator.Evaluate(network, options.Validation);
            if (validation is { } measured)
                RequireFinite(measured.Loss, epoch, batches.Steps);
            var report = new EpochReport(
                epoch, loss, options.MeasureTrainingAccuracy ? evaluator.Accuracy(network, train) : null,
                validation?.Loss, validation?.Accuracy, duration, train.Count / duration.TotalSeconds);
            history.Add(report);
            options.Progress?.Report(report);
        }
        return history;
    }

    /// <summary>Measures a network on a data set.</summary>
    /// <typeparam name="TNetwork">The network's type.</typeparam>
    /// <param name="network">The network.</param>
    /// <param name="data">The samples.</param>
    /// <exception cref="ArgumentException">The data set does not fit the network.</exception>
    public static Evaluation Evaluate<TNetwork>(TNetwork network, Dataset data) where TNetwork : class, INetwork<TNetwork>
    {
        ArgumentNullException.ThrowIfNull(network);
        RequireFit<TNetwork>(data, nameof(data));
        return new Evaluator<TNetwork>().Evaluate(network, data);
    }

    private delegate float Step<TOptimizer>(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ref TOptimizer optimizer);

    /// <summary>The steps of one epoch; returns the sum of the losses of its samples.</summary>
    [MethodImpl(JitOptions.Optimized)]
    private static double TrainEpoch<TNetwork, TOptimizer>(
        Step<TOptimizer> trainStep, TNetwork network, MiniBatches batches, ref TOptimizer optimizer, int epoch, CancellationToken cancellation)
        where TNetwork : class, INetwork<TNetwork>
        where TOptimizer : struct, IOptimizer
    {
        batches.BeginEpoch();
        double sum = 0;
        int steps = batches.Steps;
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            SampleSpan batch = batches.Get(step);
            float loss = trainStep(batch.Inputs, batch.Targets, ref optimizer);
            RequireFinite(loss, epoch, step + 1);
            sum += (double)loss * batch.Count;
        }
        // A step returns the loss from before it, so the last one is looked at once more: no epoch ends on lost parameters.
        SampleSpan last = batches.Get(steps - 1);
        RequireFinite(network.ComputeLoss(last.Inputs, last.Targets), epoch, steps);
        return sum;
    }

    private static void RequireFinite(double loss, int epoch, int step)
    {
        if (!double.IsFinite(loss))
            throw new TrainingDivergedException(epoch, step, loss);
    }

    private static void RequireFit<TNetwork>(Dataset data, string name) where TNetwork : class, INetwork<TNetwork>
    {
        ArgumentNullException.ThrowIfNull(data, name);
        if (data.InputSize != TNetwork.InputSize || data.OutputSize != TNetwork.OutputSize)
            throw new ArgumentException(
                $"Expected samples of {TNetwork.InputSize} inputs and {TNetwork.OutputSize} targets; they have {data.InputSize} and {data.OutputSize}", name);
    }
}
