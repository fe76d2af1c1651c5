using System.Globalization;
using System.Text;

namespace Backprop;

/// <summary>
/// Reads samples from comma-separated text. Numbers are read in the invariant culture and have to be finite; every line has
/// as many fields as the first; a field may stand in quotes, "" inside them being one quote, and ends on its own line; blank
/// lines are passed over.
/// </summary>
internal sealed class CsvReader
{
    private readonly TextReader _text;
    private readonly CsvOptions _options;
    private readonly string _file;
    private readonly List<string> _fields = [];
    private readonly StringBuilder _field = new();
    private int _line;

    private CsvReader(TextReader text, CsvOptions options, string file) => (_text, _options, _file) = (text, options, file);

    /// <summary>Reads the whole text.</summary>
    /// <param name="text">The text; left open.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="file">What to call the text in errors.</param>
    /// <exception cref="DataFormatException">The text does not hold samples as the options describe them.</exception>
    public static Dataset Read(TextReader text, CsvOptions options, string file) => new CsvReader(text, options, file).Read();

    private Dataset Read()
    {
        for (int i = 0; i < _options.SkipLines; i++)
            ReadLine();
        if (_options.HasHeader)
            ReadLine();

        var inputs = new List<float>();
        var numbers = new List<float>();
        var classes = new ClassLabels(_options.Classes);
        int columns = 0, label = 0, samples = 0;
        while (ReadLine() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            SplitFields(line);
            if (samples++ == 0)
            {
                columns = _fields.Count;
                label = LabelIn(columns);
            }
            if (_fields.Count != columns)
                throw Error($"expected {columns} fields, as in the first sample, found {_fields.Count}", Math.Min(_fields.Count, columns) + 1);
            for (int column = 0; column < columns; column++)
            {
                if (column != label)
                    inputs.Add(ParseNumber(column));
                else if (_options.Label == LabelKind.Number)
                    numbers.Add(ParseNumber(column));
                else if (classes.Add(_fields[column]) is { } fault)
                    throw Error(fault, column + 1);
            }
        }
        if (samples == 0)
            throw Error("expected at least one sample, found the end of the file", 0);
        if (_options.Label == LabelKind.Number)
            return new Dataset([.. inputs], [.. numbers], columns - 1, 1);
        var (names, targets) = classes.ToOneHot();
        return new Dataset([.. inputs], targets, columns - 1, names.Length, names);
    }

    private string? ReadLine()
    {
        string? line = _text.ReadLine();
        _line++;
        return line;
    }

    private int LabelIn(int columns)
    {
        if (columns < 2)
            throw Error($"expected at least one input and a label, separated by '{_options.Separator}', found {columns} field", 0);
        int label = _options.LabelColumn.GetOffset(columns);
        if (label < 0 || label >= columns)
            throw Error($"expected the label in column {_options.LabelColumn} (counted from 0), found {columns} fields", 0);
        return label;
    }

    private float ParseNumber(int column)
    {
        string text = _fields[column];
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value))
            return value;
        throw Error($"expected a finite number, found {(text.Length == 0 ? "nothing" : $"'{text}'")}", column + 1);
    }

    private void SplitFields(string line)
    {
        _fields.Clear();
        int i = 0;
        while (true)
        {
            int start = i;
            while (start < line.Length && line[start] == ' ' && _options.Separator != ' ')
                start++;
            if (start < line.Length && line[start] == '"')
            {
                i = ReadQuoted(line, start + 1);
            }
            else
            {
                i = line.IndexOf(_options.Separator, i);
                if (i < 0)
                    i = line.Length;
                _fields.Add(line[Math.Min(start, i)..i].Trim());
            }
            if (i == line.Length)
                return;
            i++;
        }
    }

    /// <summary>Reads a field from behind its opening quote up to the separator or the end of the line, and returns where that is.</summary>
    private int ReadQuoted(string line, int i)
    {
        _field.Clear();
        while (true)
        {
            if (i == line.Length)
                throw Error("expected a closing quote, found the end of the line", _fields.Count + 1);
            if (line[i] != '"')
            {
                _field.Append(line[i++]);
            }
            else if (i + 1 < line.Length && line[i + 1] == '"')
            {
                _field.Append('"');
                i += 2;
            }
            else
            {
                break;
            }
        }
        i++;
        while (i < line.Length && line[i] == ' ' && _options.Separator != ' ')
            i++;
        if (i < line.Length && line[i] != _options.Separator)
            throw Error($"expected '{_options.Separator}' after the closing quote, found '{line[i]}'", _fields.Count + 1);
        _fields.Add(_field.ToString());
        return i;
    }

    private DataFormatException Error(string message, int column) => new(message, _file, _line, column);
}
