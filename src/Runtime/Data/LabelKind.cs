namespace Backprop;

/// <summary>What the label column of a CSV file holds.</summary>
public enum LabelKind
{
    /// <summary>A class: the targets are one-hot, one output for each class.</summary>
    Class,

    /// <summary>A number to be predicted: it is the one target.</summary>
    Number,
}
