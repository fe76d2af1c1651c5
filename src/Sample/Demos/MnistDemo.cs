using Backprop.Sample.Networks;
using Backprop.Sample.Views;

namespace Backprop.Sample.Demos;

/// <summary>Handwritten digits of 28 × 28 pixels; the database's own test images are the ones to measure on.</summary>
internal static class MnistDemo
{
    /// <summary>The demonstration.</summary>
    public static Demo Create() => new Demo<MnistNet>
    {
        Name = "mnist",
        Description = "handwritten digits of 28 × 28 pixels",
        Load = _ => (Load("train"), Load("t10k")),
        Epochs = 12,
        BatchSize = 64,
        LearningRate = 0.1f,
        PromisedAccuracy = 0.94,
        Show = (screen, predictions) =>
        {
            ConfusionView.Show(screen, predictions);
            ImagesView.Show(screen, predictions, width: 28);
        },
    };

    private static Dataset Load(string part)
    {
        string imagesName = $"{part}-images-idx3-ubyte.gz", labelsName = $"{part}-labels-idx1-ubyte.gz";
        using Stream images = Resources.Open(imagesName), labels = Resources.Open(labelsName);
        Dataset data = Dataset.FromIdx(images, labels, classes: 10, imagesName, labelsName);
        return data.Scale(Scaling.Constant(data.InputSize, 1f / 255f));
    }
}
