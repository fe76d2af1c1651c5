namespace Backprop.Sample;

/// <summary>The data files that the program carries with it.</summary>
internal static class Resources
{
    /// <summary>Opens a file of the folder Data.</summary>
    /// <param name="name">Its name.</param>
    public static Stream Open(string name) =>
        typeof(Resources).Assembly.GetManifestResourceStream(name)
        ?? throw new FileNotFoundException($"The program carries no data file '{name}'", name);
}
