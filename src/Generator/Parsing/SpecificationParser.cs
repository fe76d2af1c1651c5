using Backprop.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Backprop.Generator.Parsing;

/// <summary>Reads the specification from a network's attributes.</summary>
internal static class SpecificationParser
{
    /// <summary>
    /// The specification; null where the compiler does not know an argument, or where a rule is broken, which is then added to
    /// the findings.
    /// </summary>
    public static NetworkSpec? Parse(string network, WrittenAttribute attribute, IReadOnlyList<WrittenAttribute> layers, Findings findings)
    {
        var networkArguments = new AttributeArguments(attribute);
        AttributeArguments[] layerArguments = [.. layers.Select(layer => new AttributeArguments(layer))];
        if (!networkArguments.AreKnown || !layerArguments.All(layer => layer.AreKnown))
            return null;

        var spec = new NetworkSpec(networkArguments.Get("inputs", 0), layerArguments.Select(ReadLayer))
        {
            Loss = (Loss)networkArguments.Get("Loss", 0),
            Reduction = (Reduction)networkArguments.Get("Reduction", 0),
            BatchSize = networkArguments.Get("BatchSize", NetworkSpec.DefaultBatchSize),
            Unroll = (Unroll)networkArguments.Get("Unroll", 0),
        };
        IReadOnlyList<SpecificationError> errors = SpecificationRules.Check(spec);
        foreach (SpecificationError error in errors)
        {
            AttributeArguments arguments = error.Layer < 0 ? networkArguments : layerArguments[error.Layer];
            string subject = error.Layer < 0 ? network : $"{network}, layer {error.Layer + 1}";
            findings.Add(Descriptors.Of(error.Rule), arguments.LocationOf(ArgumentOf(error)), subject, error.Message);
        }
        return errors.Count == 0 ? spec : null;
    }

    private static DenseSpec ReadLayer(AttributeArguments layer) => new(layer.Get("units", 0), (Activation)layer.Get("activation", 0))
    {
        Bias = layer.Get("Bias", true),
        Initializer = (Initializer)layer.Get("Initializer", 0),
    };

    /// <summary>The argument that breaks a rule; empty for the attribute as a whole.</summary>
    private static string ArgumentOf(SpecificationError error) => error.Rule switch
    {
        SpecificationRule.InputsPositive => "inputs",
        SpecificationRule.SizesBounded => error.Layer < 0 ? "inputs" : "units",
        SpecificationRule.UnitsPositive => "units",
        SpecificationRule.BatchSizeInRange => "BatchSize",
        SpecificationRule.KnownValues => error.Message.Substring(0, error.Message.IndexOf(' ')), // The sentence begins with its name.
        SpecificationRule.SoftmaxLast or SpecificationRule.CrossEntropyNeedsSoftmax or SpecificationRule.BinaryCrossEntropyNeedsSigmoid => "activation",
        _ => "",
    };
}
