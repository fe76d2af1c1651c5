using System.Globalization;
using Backprop.Sample.Demos;
using Spectre.Console;

namespace Backprop.Sample.Views;

/// <summary>Shows the time of a training step of the generated network beside the reference engine's.</summary>
internal static class StepTimesView
{
    /// <summary>Shows it.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="times">What was measured, for one or more batch sizes.</param>
    public static void Show(Screen screen, params IEnumerable<StepTimes> times)
    {
        screen.Title("Time of a training step, plain SGD, one thread, median");
        Table table = screen.Table("samples in a step", "generated", "reference engine (double)", "ratio");
        foreach (StepTimes time in times)
            table.AddRow(
                new Text($"{time.BatchSize}"), new Text(Format(time.GeneratedNanoseconds)), new Text(Format(time.ReferenceNanoseconds)),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{time.ReferenceNanoseconds / time.GeneratedNanoseconds:F0} ×"), new Style(Color.Green)));
        screen.Draw(table);
    }

    private static string Format(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:F0} ns"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:F2} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:F2} ms"),
    };
}
