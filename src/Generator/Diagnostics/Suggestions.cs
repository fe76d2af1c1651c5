using System.Collections.Immutable;
using System.Globalization;
using Backprop.Generator.Planning;
using Microsoft.CodeAnalysis;

namespace Backprop.Generator.Diagnostics;

/// <summary>What could be better in a network that is served as it is.</summary>
/// <param name="Descriptor">The diagnostic.</param>
/// <param name="Layer">The layer that it is about, from 0; −1 for [Network].</param>
/// <param name="Argument">The argument of that attribute that it points at.</param>
/// <param name="Text">The rest of the message.</param>
/// <param name="Properties">What its code fix needs to know.</param>
internal sealed record Suggestion(
    DiagnosticDescriptor Descriptor, int Layer, string Argument, string Text, ImmutableDictionary<string, string?> Properties)
{
    /// <summary>The same with one more property.</summary>
    public Suggestion With(string key, string value) => this with { Properties = Properties.SetItem(key, value) };
}

/// <summary>Looks through the specification of a sound network.</summary>
internal static class Suggestions
{
    /// <summary>The key of the value that the code fix puts in the place of what the diagnostic is at.</summary>
    public const string Replacement = nameof(Replacement);

    /// <summary>The key that is there where the outputs are probabilities, for which there is another loss.</summary>
    public const string Probabilities = nameof(Probabilities);

    /// <summary>All suggestions for a network, in the order of its attributes.</summary>
    public static IEnumerable<Suggestion> For(NetworkSpec spec) =>
        UnrollBudget(spec).Concat(Saturation(spec)).Concat(Cache(spec)).Concat(RegressionOutput(spec)).OrderBy(suggestion => suggestion.Layer);

    private static IEnumerable<Suggestion> RegressionOutput(NetworkSpec spec)
    {
        int last = spec.Layers.Count - 1;
        if (spec.Loss is Loss.CrossEntropy or Loss.BinaryCrossEntropy)
            yield break;
        if (spec.Layers[last].Activation == Activation.ReLU)
        {
            yield return Make(Descriptors.RegressionOutput, last, "activation",
                "ReLU gives no output below 0, and a unit that gives 0 for every sample stops learning; use Activation.Identity, or Activation.Softplus where targets are positive")
                .With(Replacement, nameof(Activation.Identity));
        }
        if (spec.Layers[last].Activation == Activation.Softmax)
        {
            yield return Make(Descriptors.RegressionOutput, last, "activation",
                $"the outputs of Softmax are probabilities that add up to 1; train classes with Loss.CrossEntropy, or use Activation.Identity with Loss.{spec.Loss}")
                .With(Replacement, nameof(Activation.Identity)).With(Probabilities, "");
        }
    }

    // He's variance, 2/n, makes up for the half of its inputs that ReLU cuts off. Without that half, z has twice the variance
    // it should have, where φ′ is near 0. (A fused output's δ = y − t does not pass φ′.)
    private static IEnumerable<Suggestion> Saturation(NetworkSpec spec)
    {
        for (int i = 0; i < spec.Layers.Count; i++)
        {
            DenseSpec layer = spec.Layers[i];
            string? suited = layer.Initializer switch
            {
                Initializer.HeUniform => nameof(Initializer.GlorotUniform),
                Initializer.HeNormal => nameof(Initializer.GlorotNormal),
                _ => null,
            };
            bool fused = spec.Loss == Loss.BinaryCrossEntropy && i == spec.Layers.Count - 1;
            if (suited is not null && Saturates(layer.Activation) && !fused)
            {
                yield return Make(Descriptors.Saturation, i, "Initializer",
                    $"Initializer.{layer.Initializer} is made for ReLU, and begins {layer.Activation} where it is nearly flat and learns slowly; use Initializer.{suited}, which is made for it")
                    .With(Replacement, suited);
            }
        }
    }

    private static bool Saturates(Activation activation) =>
        activation is Activation.Sigmoid or Activation.Tanh or Activation.Softsign or Activation.HardSigmoid or Activation.HardTanh;

    private static IEnumerable<Suggestion> Cache(NetworkSpec spec)
    {
        long[] bytes = [.. NetworkPlanner.PlanLayers(spec).Select(layer => (long)sizeof(float) * layer.ParameterLength)];
        long sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += bytes[i];
            if (sum <= Caches.L2)
                continue;
            string kibibytes = (bytes.Sum() / 1024).ToString(CultureInfo.InvariantCulture);
            yield return Make(Descriptors.CacheExceeded, i, "units",
                $"the parameters take {kibibytes} KiB, and with this layer exceed the 1024 KiB that a core's second-level cache usually has, so that a call for one sample waits for memory; make layers smaller, or call with many samples at once");
            yield break;
        }
    }

    // Vectors of 256 bits are what most processors have.
    private static IEnumerable<Suggestion> UnrollBudget(NetworkSpec spec)
    {
        if (spec.Unroll != Unroll.Full)
            yield break;
        NetworkPlan plan = NetworkPlanner.Plan(spec);
        WidthPlan width = plan.Widths.Single(width => width.Width.Bits == 256);
        string[] looped = [.. plan.Layers.Where(layer => layer.Dots is null && width.Layers[layer.Number - 1].TilesOne).Select(layer => $"{layer.Number}")];
        if (looped.Length > 0)
        {
            yield return Make(Descriptors.UnrollBeyondBudget, -1, "Unroll",
                $"at most {JitBudget.MultiplyAddsOfParts} multiply-adds of vectors are written out for a layer; with vectors of 256 bits layer {string.Join(", ", looped)} has more, and loops all the same; remove Unroll.Full, or make the layer smaller");
        }
    }

    private static Suggestion Make(DiagnosticDescriptor descriptor, int layer, string argument, string text) =>
        new(descriptor, layer, argument, text, ImmutableDictionary<string, string?>.Empty);
}
