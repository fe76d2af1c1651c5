using Backprop.Sample.Views;

namespace Backprop.Sample.Demos;

/// <summary>A demonstration of one network.</summary>
/// <typeparam name="TNetwork">The network.</typeparam>
internal sealed class Demo<TNetwork> : Demo where TNetwork : class, INetwork<TNetwork>
{
    private const int QuickEpochs = 3;

    /// <summary>Makes the training set and the set to measure on, from a seed.</summary>
    public required Func<int, (Dataset Train, Dataset Test)> Load { get; init; }

    /// <summary>The epochs of a full run.</summary>
    public required int Epochs { get; init; }

    /// <summary>The samples of one step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The learning rate of the first epoch; it falls along a half cosine to nearly 0 (Loshchilov and Hutter 2017).</summary>
    public required float LearningRate { get; init; }

    /// <summary>The accuracy on the test set that a full run promises.</summary>
    public required double PromisedAccuracy { get; init; }

    /// <summary>Shows what the trained network says about the test set.</summary>
    public required Action<Screen, Predictions> Show { get; init; }

    /// <inheritdoc/>
    public override int Run(RunOptions options, Screen screen, CancellationToken cancellation)
    {
        int epochs = options.Epochs ?? (options.Quick ? Math.Min(QuickEpochs, Epochs) : Epochs);
        var (train, test) = Load(options.Seed);
        screen.Title($"{typeof(TNetwork).Name}: {Description}");
        screen.Line($"{Architecture(TNetwork.Spec)}, {TNetwork.ParameterCount:N0} parameters; "
            + $"{train.Count:N0} samples to train on, {test.Count:N0} to measure on; batches of {BatchSize}, seed {options.Seed}");

        TNetwork network = TNetwork.Create(options.Seed);
        var optimizer = new Sgd { LearningRate = LearningRate, Momentum = 0.9f };
        TrainingHistory history = TrainingView.Show(screen, epochs, progress => Trainer.Fit(network, train, ref optimizer, new TrainingOptions
        {
            Epochs = epochs,
            BatchSize = BatchSize,
            Seed = options.Seed,
            Validation = test,
            LearningRate = epoch => LearningRate * 0.5f * (1f + MathF.Cos(MathF.PI * (epoch - 1) / epochs)),
            Progress = progress,
            CancellationToken = cancellation,
        }));
        Show(screen, Predictions.Of(network, test));
        StepTimesView.Show(screen, StepTimes.Measure<TNetwork>(train, 1), StepTimes.Measure<TNetwork>(train, BatchSize));
        EmittedFilesView.Show(screen, typeof(TNetwork).Name);
        return Judge(screen, history, fullRun: epochs >= Epochs);
    }

    private int Judge(Screen screen, TrainingHistory history, bool fullRun)
    {
        double accuracy = history.Last.ValidationAccuracy!.Value;
        double seconds = history.Sum(epoch => epoch.Duration.TotalSeconds);
        bool kept = accuracy >= PromisedAccuracy;
        screen.Title("Result");
        screen.Line($"accuracy {accuracy:P1} after {history.Count} epochs, {seconds:F2} s of training steps", kept ? Tone.Good : Tone.Plain);
        if (kept || !fullRun)
            return 0;
        screen.Line($"a full run promises {PromisedAccuracy:P1}", Tone.Bad);
        return 1;
    }

    private static string Architecture(NetworkSpec spec) =>
        $"{spec.Inputs} inputs" + string.Concat(spec.Layers.Select(layer => $" → {layer.Units} {layer.Activation}")) + $", {spec.Loss}";
}
