namespace Backprop.Sample.Views;

/// <summary>Tells where the emitted source of a network can be read.</summary>
internal static class EmittedFilesView
{
    /// <summary>Shows it.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="network">The network's name.</param>
    public static void Show(Screen screen, string network)
    {
        // The program runs in bin/<configuration>/<framework>; the build writes emitted files beside bin.
        string folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "obj", "Emitted"));
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, $"*{network}*.cs", SearchOption.AllDirectories) : [];
        if (files.Length == 0)
            return;
        screen.Title("The code that ran, to be read");
        screen.Line(Path.GetRelativePath(Environment.CurrentDirectory, Path.GetDirectoryName(files[0])!), Tone.Quiet);
        foreach (string file in files.Order(StringComparer.Ordinal))
            screen.Line($"  {Path.GetFileName(file)} ({File.ReadLines(file).Count():N0} lines)", Tone.Quiet);
    }
}
