using System.Security.Cryptography;
using System.Text;
using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>
/// Assemblies by the text that they were compiled from, in the directory that the variable BACKPROP_ASSEMBLIES names, if it does: a run
/// on another instruction set compiles the same networks.
/// </summary>
internal static class AssemblyCache
{
    private static readonly string? s_directory = Environment.GetEnvironmentVariable("BACKPROP_ASSEMBLIES") is { Length: > 0 } directory ? directory : null;

    /// <summary>The assembly of these texts and of this build of the runtime; compiled unless there is one.</summary>
    public static byte[] GetOrAdd(IEnumerable<string> texts, Func<byte[]> compile)
    {
        if (s_directory is null)
            return compile();
        string all = string.Join('\0', [typeof(NetworkSpec).Module.ModuleVersionId.ToString(), .. texts]);
        string path = Path.Combine(s_directory, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all))) + ".dll");
        if (File.Exists(path))
            return File.ReadAllBytes(path);
        byte[] assembly = compile();
        string unfinished = Path.Combine(Directory.CreateDirectory(s_directory).FullName, Path.GetRandomFileName());
        File.WriteAllBytes(unfinished, assembly);
        File.Move(unfinished, path, overwrite: true);
        return assembly;
    }
}
