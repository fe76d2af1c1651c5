namespace Backprop;

/// <summary>A broken rule of a specification.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Layer">The layer that breaks it, from 0; −1 for the network as a whole.</param>
/// <param name="Message">What was expected and what was given, as one sentence.</param>
public sealed record SpecificationError(SpecificationRule Rule, int Layer, string Message);

/// <summary>The rules that a <see cref="NetworkSpec"/> keeps, and the limits behind them.</summary>
public static class SpecificationRules
{
    /// <summary>The largest number of inputs or units, and the largest mini-batch.</summary>
    public const int MaxSize = 1 << 20;

    /// <summary>The largest number of parameters: 1 GiB as float.</summary>
    public const int MaxParameters = 1 << 28;

    /// <summary>The rules that a specification breaks, in the order of its parts; empty for a sound one.</summary>
    /// <param name="spec">The specification.</param>
    /// <exception cref="ArgumentNullException"><paramref name="spec"/> is null.</exception>
    public static IReadOnlyList<SpecificationError> Check(NetworkSpec spec)
    {
        if (spec is null)
            throw new ArgumentNullException(nameof(spec));
        var errors = new List<SpecificationError>();
        void Broken(SpecificationRule rule, int layer, string message) => errors.Add(new SpecificationError(rule, layer, message));

        if (spec.Inputs < 1)
            Broken(SpecificationRule.InputsPositive, -1, $"A network has at least 1 input; {spec.Inputs} were given");
        else if (spec.Inputs > MaxSize)
            Broken(SpecificationRule.SizesBounded, -1, $"A network has at most {MaxSize} inputs; {spec.Inputs} were given");
        if (spec.BatchSize is < 1 or > MaxSize)
            Broken(SpecificationRule.BatchSizeInRange, -1, $"BatchSize is from 1 to {MaxSize}; {spec.BatchSize} was given");
        CheckEnum(-1, "Loss", spec.Loss);
        CheckEnum(-1, "Reduction", spec.Reduction);
        CheckEnum(-1, "Unroll", spec.Unroll);
        if (spec.Layers.Count == 0)
        {
            Broken(SpecificationRule.HasLayers, -1, "A network has at least one layer; none was given");
            return errors;
        }

        int last = spec.Layers.Count - 1;
        long parameters = 0;
        for (int i = 0; i <= last; i++)
        {
            DenseSpec layer = spec.Layers[i];
            if (layer.Units < 1)
                Broken(SpecificationRule.UnitsPositive, i, $"A layer has at least 1 unit; {layer.Units} were given");
            else if (layer.Units > MaxSize)
                Broken(SpecificationRule.SizesBounded, i, $"A layer has at most {MaxSize} units; {layer.Units} were given");
            CheckEnum(i, "Activation", layer.Activation);
            CheckEnum(i, "Initializer", layer.Initializer);
            if (layer.Activation == Activation.Softmax && i < last)
                Broken(SpecificationRule.SoftmaxLast, i, "Softmax is for the last layer only; use it there, or another activation here");
            parameters += layer.Units * ((long)spec.InputsOf(i) + 1);
            if (parameters > MaxParameters)
            {
                Broken(SpecificationRule.SizesBounded, i, $"A network has at most {MaxParameters} parameters; this layer brings it to {parameters}");
                return errors;
            }
        }

        Activation output = spec.Layers[last].Activation;
        if (spec.Loss == Loss.CrossEntropy && output != Activation.Softmax)
            Broken(SpecificationRule.CrossEntropyNeedsSoftmax, last, $"Loss.CrossEntropy needs Activation.Softmax on the last layer; it has {output}");
        if (spec.Loss == Loss.BinaryCrossEntropy && output != Activation.Sigmoid)
            Broken(SpecificationRule.BinaryCrossEntropyNeedsSigmoid, last, $"Loss.BinaryCrossEntropy needs Activation.Sigmoid on the last layer; it has {output}");
        return errors;

        void CheckEnum<T>(int layer, string name, T value) where T : struct, Enum
        {
            if (!Enum.IsDefined(typeof(T), value))
                Broken(SpecificationRule.KnownValues, layer, $"{name} has no value {value}");
        }
    }

    /// <summary>Throws where a specification breaks a rule.</summary>
    /// <param name="spec">The specification.</param>
    /// <exception cref="ArgumentException">A rule is broken; the message names each one.</exception>
    public static void Require(NetworkSpec spec)
    {
        IReadOnlyList<SpecificationError> errors = Check(spec);
        if (errors.Count > 0)
            throw new ArgumentException(string.Join("; ", errors.Select(e => e.Layer < 0 ? e.Message : $"layer {e.Layer + 1}: {e.Message}")), nameof(spec));
    }
}
