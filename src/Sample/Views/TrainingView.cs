using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Backprop.Sample.Views;

/// <summary>Shows a training run while it goes on: a table of the last epochs and two curves, or one line for each epoch.</summary>
internal sealed class TrainingView : IProgress<EpochReport>
{
    private const int MaxRows = 12;
    private const int MaxPlainLines = 30;

    private readonly Screen _screen;
    private readonly int _epochs;
    private readonly int _stride;
    private readonly List<EpochReport> _shown = [];
    private LiveDisplayContext? _live;

    private TrainingView(Screen screen, int epochs)
    {
        (_screen, _epochs) = (screen, epochs);
        _stride = (epochs + MaxPlainLines - 1) / MaxPlainLines;
    }

    /// <summary>Runs a training and shows it.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="epochs">How many epochs it will have.</param>
    /// <param name="train">The training; it is given what to report to.</param>
    public static TrainingHistory Show(Screen screen, int epochs, Func<IProgress<EpochReport>, TrainingHistory> train)
    {
        var view = new TrainingView(screen, epochs);
        screen.Title("Training");
        if (!screen.IsLive)
            return train(view);
        return screen.Console.Live(new Text("")).Start(live =>
        {
            view._live = live;
            return train(view);
        });
    }

    /// <inheritdoc/>
    public void Report(EpochReport value)
    {
        // Some demonstrations have a thousand epochs; no more of them are shown than can be read.
        if (value.Epoch % _stride != 0 && value.Epoch != 1 && value.Epoch != _epochs)
            return;
        _shown.Add(value);
        if (_live is null)
            _screen.Line(Plain(value));
        else
            _live.UpdateTarget(Picture());
    }

    private string Plain(EpochReport e) => string.Create(CultureInfo.InvariantCulture,
        $"epoch {e.Epoch,4}/{_epochs}  training loss {e.TrainingLoss:F4}  test loss {e.ValidationLoss:F4}  accuracy {e.ValidationAccuracy,7:P1}  "
        + $"{e.Duration.TotalMilliseconds,8:F2} ms  {e.SamplesPerSecond,12:N0} samples/s");

    private Rows Picture()
    {
        Table table = _screen.Table("epoch", "training loss", "test loss", "accuracy", "time", "samples/s");
        foreach (EpochReport e in _shown.TakeLast(MaxRows))
            table.AddRow([.. Cells(e).Select(cell => new Text(cell))]);
        return new Rows(
            table,
            Curve("loss    ", [.. _shown.Select(e => Math.Log(Math.Max(e.ValidationLoss!.Value, 1e-6)))], Color.Orange1),
            Curve("accuracy", [.. _shown.Select(e => e.ValidationAccuracy!.Value)], Color.Green));
    }

    private string[] Cells(EpochReport e) => [.. new FormattableString[]
    {
        $"{e.Epoch} of {_epochs}",
        $"{e.TrainingLoss:F4}",
        $"{e.ValidationLoss:F4}",
        $"{e.ValidationAccuracy:P1}",
        $"{e.Duration.TotalMilliseconds:F2} ms",
        $"{e.SamplesPerSecond:N0}",
    }.Select(FormattableString.Invariant)];

    private static IRenderable Curve(string name, IReadOnlyList<double> values, Color color) =>
        new Paragraph().Append($" {name} ", new Style(Color.Grey)).Append(Sparkline.Of(values), new Style(color));
}
