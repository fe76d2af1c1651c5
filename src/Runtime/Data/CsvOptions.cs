namespace Backprop;

/// <summary>How a CSV file is to be read. As it is made: no header, comma-separated, a class label in the last column.</summary>
public sealed record CsvOptions
{
    /// <summary>Lines at the start of the file to pass over, before any header.</summary>
    public int SkipLines { get; init; }

    /// <summary>Whether the first line that is not skipped names the columns and holds no sample.</summary>
    public bool HasHeader { get; init; }

    /// <summary>The character between fields.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>The column of the label, from the start or from the end; the last one, <c>^1</c>, by default. All others are inputs.</summary>
    public Index LabelColumn { get; init; } = ^1;

    /// <summary>What the label is; a class by default.</summary>
    public LabelKind Label { get; init; }

    /// <summary>
    /// The classes in the order of the outputs. A label is one of these names or, where no name is itself an integer, a
    /// place in the list, from 0. Without a list the classes are the labels that occur, in the order of
    /// their value where all are integers and else in ordinal order of their text.
    /// </summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Throws where an option makes no sense.</summary>
    internal void Validate()
    {
        if (SkipLines < 0)
            throw new ArgumentException($"{nameof(SkipLines)} is 0 or more; {SkipLines} was given");
        if (Separator is '"' or '\r' or '\n')
            throw new ArgumentException($"{nameof(Separator)} cannot be a quote or the end of a line");
        if (!Enum.IsDefined(Label))
            throw new ArgumentException($"{nameof(Label)} has no value {Label}");
        if (Classes is null)
            return;
        if (Label != LabelKind.Class)
            throw new ArgumentException($"{nameof(Classes)} goes with {nameof(LabelKind)}.{nameof(LabelKind.Class)} only; {nameof(Label)} is {Label}");
        if (Classes.Count == 0)
            throw new ArgumentException($"{nameof(Classes)} names at least one class; leave it null to take the classes from the file");
        if (Classes.Distinct(StringComparer.Ordinal).Count() != Classes.Count)
            throw new ArgumentException($"{nameof(Classes)} names a class twice");
    }
}
