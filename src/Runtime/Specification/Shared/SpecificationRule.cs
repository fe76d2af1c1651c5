namespace Backprop;

/// <summary>A rule that every specification keeps. The generator reports a broken one as a diagnostic, the runtime as an exception.</summary>
public enum SpecificationRule
{
    /// <summary>The network has at least one input.</summary>
    InputsPositive,

    /// <summary>The network has at least one layer.</summary>
    HasLayers,

    /// <summary>Each layer has at least one unit.</summary>
    UnitsPositive,

    /// <summary>Sizes and the number of parameters stay within <see cref="SpecificationRules"/>' limits.</summary>
    SizesBounded,

    /// <summary>The batch size is at least 1 and within the limit.</summary>
    BatchSizeInRange,

    /// <summary>Each enumeration has one of its named values.</summary>
    KnownValues,

    /// <summary>Softmax stands on the last layer only.</summary>
    SoftmaxLast,

    /// <summary>Cross-entropy has softmax on the last layer.</summary>
    CrossEntropyNeedsSoftmax,

    /// <summary>Binary cross-entropy has sigmoid on the last layer.</summary>
    BinaryCrossEntropyNeedsSigmoid,
}
