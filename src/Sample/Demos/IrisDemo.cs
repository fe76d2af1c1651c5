using Backprop.Sample.Networks;
using Backprop.Sample.Views;

namespace Backprop.Sample.Demos;

/// <summary>Fisher's irises; a fifth of them is held out.</summary>
internal static class IrisDemo
{
    private static readonly CsvOptions s_file = new() { HasHeader = true, Classes = ["setosa", "versicolor", "virginica"] };

    /// <summary>The demonstration.</summary>
    public static Demo Create() => new Demo<IrisNet>
    {
        Name = "iris",
        Description = "three species of iris from four measures of the flower",
        Load = Load,
        Epochs = 30,
        BatchSize = 16,
        LearningRate = 0.02f,
        PromisedAccuracy = 0.85,
        Show = ConfusionView.Show,
    };

    private static (Dataset Train, Dataset Test) Load(int seed)
    {
        using Stream file = Resources.Open("iris.csv");
        var (train, test) = Dataset.FromCsv(file, s_file, "iris.csv").Split(0.2, seed, stratified: true);
        var scaling = Scaling.Standardize(train);
        return (train.Scale(scaling), test.Scale(scaling));
    }
}
