using System.Globalization;
using Backprop.Sample.Demos;
using Spectre.Console;

namespace Backprop.Sample.Views;

/// <summary>Shows every row of a truth table with what the network says.</summary>
internal static class TruthTableView
{
    /// <summary>Shows it.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="predictions">What the network says about inputs of two bits.</param>
    public static void Show(Screen screen, Predictions predictions)
    {
        screen.Title("What the network says");
        Table table = screen.Table("x₀", "x₁", "is", "network");
        for (int i = 0; i < predictions.Data.Count; i++)
        {
            ReadOnlySpan<float> inputs = predictions.Data.InputsOf(i);
            float target = predictions.Data.TargetsOf(i)[0], output = predictions.OutputsOf(i)[0];
            table.AddRow(
                new Text($"{inputs[0]}"), new Text($"{inputs[1]}"), new Text($"{target}"),
                new Text(output.ToString("F4", CultureInfo.InvariantCulture), new Style(output >= 0.5f == target >= 0.5f ? Color.Green : Color.Red)));
        }
        screen.Draw(table);
    }
}
