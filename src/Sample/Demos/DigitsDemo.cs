using Backprop.Sample.Networks;
using Backprop.Sample.Views;

namespace Backprop.Sample.Demos;

/// <summary>Handwritten digits of 8 × 8 pixels; a fifth of them is held out.</summary>
internal static class DigitsDemo
{
    /// <summary>The demonstration.</summary>
    public static Demo Create() => new Demo<DigitsNet>
    {
        Name = "digits",
        Description = "handwritten digits of 8 × 8 pixels",
        Load = Load,
        Epochs = 60,
        BatchSize = 32,
        LearningRate = 0.2f,
        PromisedAccuracy = 0.96,
        Show = (screen, predictions) =>
        {
            ConfusionView.Show(screen, predictions);
            ImagesView.Show(screen, predictions, width: 8);
        },
    };

    private static (Dataset Train, Dataset Test) Load(int seed)
    {
        using Stream file = Resources.Open("digits.csv");
        Dataset data = Dataset.FromCsv(file, name: "digits.csv");
        return data.Scale(Scaling.Constant(data.InputSize, 1f / 16f)).Split(0.2, seed, stratified: true);
    }
}
