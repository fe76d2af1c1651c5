namespace Backprop;

/// <summary>A weights file is malformed or belongs to another network. The message says what was expected and what was found.</summary>
/// <param name="message">What was expected and what was found.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class WeightsFormatException(string message, Exception? innerException = null) : FormatException(message, innerException);
