using Backprop.Sample.Networks;
using Backprop.Sample.Views;

namespace Backprop.Sample.Demos;

/// <summary>The exclusive or; all there is to learn is all there is to ask.</summary>
internal static class XorDemo
{
    /// <summary>The demonstration.</summary>
    public static Demo Create() => new Demo<XorNet>
    {
        Name = "xor",
        Description = "the exclusive or of two bits",
        Load = _ =>
        {
            var table = new Dataset([0, 0, 0, 1, 1, 0, 1, 1], [0, 1, 1, 0], inputSize: 2, outputSize: 1);
            return (table, table);
        },
        Epochs = 300,
        BatchSize = 4,
        LearningRate = 0.5f,
        PromisedAccuracy = 1,
        Show = TruthTableView.Show,
    };
}
