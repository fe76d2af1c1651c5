using System.Text;
using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>Writes a specification as a user would declare it.</summary>
internal static class NetworkSource
{
    /// <summary>The declaration of a class.</summary>
    public static string Declare(NetworkSpec spec, string name)
    {
        var text = new StringBuilder();
        text.Append($"[Network({spec.Inputs}, Loss = Loss.{spec.Loss}, Reduction = Reduction.{spec.Reduction}");
        text.Append($", BatchSize = {spec.BatchSize}, Unroll = Unroll.{spec.Unroll})]\n");
        foreach (DenseSpec layer in spec.Layers)
        {
            text.Append($"[Dense({layer.Units}, Activation.{layer.Activation}");
            text.Append($", Bias = {(layer.Bias ? "true" : "false")}, Initializer = Initializer.{layer.Initializer})]\n");
        }
        return text.Append($"public sealed partial class {name};\n").ToString();
    }
}
