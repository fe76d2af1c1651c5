using System.Runtime.InteropServices;

namespace Backprop.Aot;

/// <summary>Results in a file: for each its name, how many numbers, and their bits.</summary>
internal static class ResultFile
{
    public static void Write(string path, IEnumerable<Result> results)
    {
        using var writer = new BinaryWriter(File.Create(path));
        foreach (Result result in results)
        {
            writer.Write(result.Name);
            writer.Write(result.Values.Length);
            writer.Write(MemoryMarshal.AsBytes<float>(result.Values));
        }
    }

    /// <summary>What differs from the file, in any bit: the first difference of each result.</summary>
    public static IEnumerable<string> Differences(string path, IEnumerable<Result> results)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        foreach (Result result in results)
        {
            string name = reader.ReadString();
            var values = new float[reader.ReadInt32()];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes<float>(values));
            if (name != result.Name || values.Length != result.Values.Length)
            {
                yield return $"{result.Name}: the file has {name} with {values.Length} numbers";
                yield break;
            }
            ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(result.Values), expected = MemoryMarshal.Cast<float, int>(values);
            int same = bits.CommonPrefixLength(expected);
            if (same < bits.Length)
                yield return $"{result.Name}[{same} of {bits.Length}]: {result.Values[same]:G9}, in the file {values[same]:G9}";
        }
        if (reader.BaseStream.Position < reader.BaseStream.Length)
            yield return "the file has more results";
    }
}
