using Backprop.Generator.Model;

namespace Backprop.Generator.Emitting;

/// <summary>A file to add to the compilation.</summary>
/// <param name="HintName">Its name, unique in the compilation.</param>
/// <param name="Text">Its source.</param>
internal sealed record EmittedFile(string HintName, string Text);

/// <summary>Writes a network's source files.</summary>
internal static class NetworkEmitter
{
    /// <summary>The files of one network: the class's public members, then one file for each vector width.</summary>
    public static EquatableArray<EmittedFile> Emit(NetworkModel network) => new([]);
}
