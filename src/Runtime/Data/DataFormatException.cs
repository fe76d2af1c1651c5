namespace Backprop;

/// <summary>A data file does not hold what it should. The message names the place, what was expected and what was found.</summary>
/// <param name="message">What was expected and what was found.</param>
/// <param name="file">The file's name, or what stands for it where the data came from a stream.</param>
/// <param name="line">The line, from 1; 0 where the file has no lines.</param>
/// <param name="column">The field within the line, from 1; 0 where the fault is not in one field.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class DataFormatException(string message, string file, int line = 0, int column = 0, Exception? innerException = null)
    : FormatException(Locate(message, file, line, column), innerException)
{
    /// <summary>The file's name, or what stands for it where the data came from a stream.</summary>
    public string FileName { get; } = file;

    /// <summary>The line, from 1; 0 where the file has no lines.</summary>
    public int Line { get; } = line;

    /// <summary>The field within the line, from 1; 0 where the fault is not in one field.</summary>
    public int Column { get; } = column;

    private static string Locate(string message, string file, int line, int column) => (line, column) switch
    {
        (0, _) => $"{file}: {message}",
        (_, 0) => $"{file}, line {line}: {message}",
        _ => $"{file}, line {line}, column {column}: {message}",
    };
}
