using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Backprop;

namespace Runtime.Tests.Golden;

/// <summary>The networks that PyTorch computed; see Golden/README.md.</summary>
internal static class GoldenFile
{
    private static readonly Lazy<IReadOnlyList<GoldenCase>> LazyCases = new(Read);

    /// <summary>All cases, in the file's order.</summary>
    public static IReadOnlyList<GoldenCase> Cases => LazyCases.Value;

    /// <summary>The names of all cases, one a row, for theories.</summary>
    public static TheoryData<string> Names => new(Cases.Select(c => c.Name));

    /// <summary>The case of a name.</summary>
    public static GoldenCase Case(string name) => Cases.Single(c => c.Name == name);

    private static IReadOnlyList<GoldenCase> Read()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        };
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Golden.mlp.json")!;
        return JsonSerializer.Deserialize<Document>(stream, options)!.Cases;
    }

    private sealed record Document(string Source, IReadOnlyList<GoldenCase> Cases);
}

/// <summary>One network of the golden file. Arrays are row-major; parameters and gradients in canonical order.</summary>
/// <param name="Name">The case's name.</param>
/// <param name="Inputs">The inputs of one sample.</param>
/// <param name="Layers">The layers.</param>
/// <param name="Loss">The loss, in snake_case.</param>
/// <param name="Reduction">"sum" or "mean", the default.</param>
/// <param name="Batch">The number of samples.</param>
/// <param name="Steps">The number of training steps.</param>
/// <param name="X">[batch, inputs].</param>
/// <param name="Y">The targets [batch, outputs].</param>
/// <param name="Parameters">The initial parameters.</param>
/// <param name="Outputs">[batch, outputs].</param>
/// <param name="LossValue">The mean loss.</param>
/// <param name="Gradient">Of the mean loss.</param>
/// <param name="InputGradient">[batch, inputs], of the mean loss.</param>
/// <param name="Training">Training runs, each from the initial parameters.</param>
internal sealed record GoldenCase(
    string Name, int Inputs, IReadOnlyList<GoldenLayer> Layers, string Loss, string? Reduction, int Batch, int Steps,
    float[] X, float[] Y, float[] Parameters,
    double[] Outputs, double LossValue, double[] Gradient, double[] InputGradient, IReadOnlyList<GoldenTraining> Training)
{
    /// <summary>The specification.</summary>
    public NetworkSpec Spec => new(Inputs, Layers.Select(l => new DenseSpec(l.Units, Named<Activation>(l.Activation)) { Bias = l.Bias }))
    {
        Loss = Named<Loss>(Loss),
        Reduction = Named<Reduction>(Reduction ?? "mean"),
    };

    private static T Named<T>(string snakeCase) where T : struct, Enum => Enum.Parse<T>(snakeCase.Replace("_", ""), ignoreCase: true);
}

/// <summary>One layer of a golden case.</summary>
internal sealed record GoldenLayer(int Units, string Activation, bool Bias);

/// <summary>One training run: the loss before each step, and the parameters after the last.</summary>
internal sealed record GoldenTraining(GoldenOptimizer Optimizer, double[] Losses, double[] Parameters);

/// <summary>An optimizer and its settings; those it does not have are null.</summary>
internal sealed record GoldenOptimizer(
    string Kind, double LearningRate, double? Momentum, bool? Nesterov, double? WeightDecay,
    double? Beta1, double? Beta2, double? Alpha, double? Epsilon);
