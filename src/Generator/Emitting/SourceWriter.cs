using System.Text;

namespace Backprop.Generator.Emitting;

/// <summary>Writes indented source: a line at a time, blocks as <c>using</c> scopes, <c>\n</c> at the end of every line.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;
    private bool _opened;

    /// <summary>Writes one line, or an empty one to set two things apart: so not at the start of a block.</summary>
    public void Line(string line = "")
    {
        if (line.Length > 0)
            _text.Append(' ', _indent * 4).Append(line);
        else if (_opened)
            return;
        _text.Append('\n');
        _opened = false;
    }

    /// <summary>Writes a text of several lines, each indented.</summary>
    public void Lines(string text)
    {
        foreach (string line in text.Split('\n'))
            Line(line.TrimEnd('\r'));
    }

    /// <summary>Writes a header and an opening brace; disposing writes the closing one.</summary>
    public Scope Block(string header)
    {
        Lines(header);
        return Block();
    }

    /// <summary>Writes an opening brace; disposing writes the closing one.</summary>
    public Scope Block()
    {
        Line("{");
        _indent++;
        _opened = true;
        return new Scope(this);
    }

    public override string ToString() => _text.ToString();

    /// <summary>An open block.</summary>
    public readonly struct Scope(SourceWriter writer) : IDisposable
    {
        public void Dispose()
        {
            writer._indent--;
            writer.Line("}");
        }
    }
}
