using System.Globalization;

namespace Backprop;

/// <summary>Collects the class labels of a file, one by one, and turns them into one-hot targets.</summary>
/// <param name="given">The classes in order, or null to take those that occur.</param>
internal sealed class ClassLabels(IReadOnlyList<string>? given)
{
    /// <summary>The most classes that are taken from a file. More are the sign of a column of numbers read as classes.</summary>
    public const int MaxInferred = 1000;

    private readonly List<string> _names = given is null ? [] : [.. given];
    private readonly Dictionary<string, int> _indices =
        (given ?? []).Select((name, index) => (name, index)).ToDictionary(x => x.name, x => x.index, StringComparer.Ordinal);
    private readonly bool _placesAllowed = given is not null && !given.Any(name => IsInteger(name, out _));
    private readonly List<int> _labels = [];

    /// <summary>Takes the next sample's label.</summary>
    /// <param name="label">The label as it stands in the file.</param>
    /// <returns>Null, or what is wrong with the label.</returns>
    public string? Add(string label)
    {
        if (_indices.TryGetValue(label, out int index))
        {
            _labels.Add(index);
            return null;
        }
        if (given is not null)
        {
            if (!_placesAllowed || !IsInteger(label, out long place) || place < 0 || place >= given.Count)
                return $"expected a class ({string.Join(", ", given)}){(_placesAllowed ? $" or its place from 0 to {given.Count - 1}" : "")}, found '{label}'";
            _labels.Add((int)place);
            return null;
        }
        if (label.Length == 0)
            return "expected a class, found nothing";
        if (_names.Count == MaxInferred)
            return $"expected at most {MaxInferred} classes, found one more, '{label}'; for a number to be predicted, "
                + $"set {nameof(CsvOptions)}.{nameof(CsvOptions.Label)} to {nameof(LabelKind)}.{nameof(LabelKind.Number)}";
        _labels.Add(_names.Count);
        _indices.Add(label, _names.Count);
        _names.Add(label);
        return null;
    }

    /// <summary>The classes in the order of the outputs, and the targets [samples, classes].</summary>
    public (string[] Classes, float[] Targets) ToOneHot()
    {
        int[] order = [.. Enumerable.Range(0, _names.Count)];
        if (given is null)
            Array.Sort(order, CompareNames);
        var outputs = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
            outputs[order[i]] = i;

        var targets = new float[_labels.Count * order.Length];
        for (int i = 0; i < _labels.Count; i++)
            targets[i * order.Length + outputs[_labels[i]]] = 1f;
        return ([.. order.Select(i => _names[i])], targets);
    }

    private int CompareNames(int x, int y) =>
        _names.TrueForAll(name => IsInteger(name, out _))
            ? long.Parse(_names[x], CultureInfo.InvariantCulture).CompareTo(long.Parse(_names[y], CultureInfo.InvariantCulture))
            : string.CompareOrdinal(_names[x], _names[y]);

    private static bool IsInteger(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
