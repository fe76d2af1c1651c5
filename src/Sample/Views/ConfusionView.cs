using System.Globalization;
using Backprop.Sample.Demos;
using Spectre.Console;

namespace Backprop.Sample.Views;

/// <summary>Shows how often each class was taken for each other: one row for each true class.</summary>
internal static class ConfusionView
{
    /// <summary>Shows it.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="predictions">What the network says.</param>
    public static void Show(Screen screen, Predictions predictions)
    {
        Dataset data = predictions.Data;
        IReadOnlyList<string> names = data.ClassNames!;
        var counts = new int[names.Count, names.Count];
        for (int i = 0; i < data.Count; i++)
            counts[data.ClassOf(i), predictions.ClassOf(i)]++;

        screen.Title("Confusion: rows are what it is, columns what the network says");
        Table table = screen.Table(["", .. names, "right"]);
        for (int row = 0; row < names.Count; row++)
        {
            int total = Enumerable.Range(0, names.Count).Sum(column => counts[row, column]);
            double right = total == 0 ? 1 : (double)counts[row, row] / total;
            table.AddRow([
                new Text(names[row], new Style(decoration: Decoration.Bold)),
                .. Enumerable.Range(0, names.Count).Select(column => Cell(counts[row, column], column == row)),
                new Text(right.ToString("P0", CultureInfo.InvariantCulture)),
            ]);
        }
        screen.Draw(table);
    }

    private static Text Cell(int count, bool right) => (count, right) switch
    {
        (0, _) => new Text("·", new Style(Color.Grey)),
        (_, true) => new Text($"{count}", new Style(Color.Green)),
        _ => new Text($"{count}", new Style(Color.Red)),
    };
}
