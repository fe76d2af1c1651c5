namespace Backprop;

/// <summary>Replaces files as a whole: whatever happens, the path holds either the old contents or the new.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes a new file beside the old one, forces it to the disk and then moves it into place, which is atomic within one
    /// folder. When anything fails before that, the old file stays and the new one is deleted.
    /// </summary>
    /// <param name="path">The file to replace or create.</param>
    /// <param name="write">Writes the contents.</param>
    public static void Write(string path, Action<Stream> write)
    {
        string target = Path.GetFullPath(path);
        string temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
