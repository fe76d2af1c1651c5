namespace Backprop.Generator.Emitting;

/// <summary>How lanes are moved between vectors of different widths, in the BCL's own functions.</summary>
internal static class RegisterSyntax
{
    /// <summary>The vector whose lane j is lane <c>indices[j]</c> of another. The lanes that are asked for lie in one part of its width.</summary>
    /// <param name="value">The other vector.</param>
    /// <param name="lanes">Its lanes.</param>
    /// <param name="indices">A lane for each lane of the result.</param>
    public static string Rearrange(string value, int lanes, int[] indices)
    {
        if (indices.Length < lanes)
        {
            int first = indices.Min() / indices.Length * indices.Length;
            return Rearrange(Part(value, lanes, indices.Length, first), indices.Length, [.. indices.Select(index => index - first)]);
        }
        value = Widen(value, lanes, indices.Length);
        if (indices.SequenceEqual(Enumerable.Range(0, indices.Length)))
            return value;
        string lane = indices.Distinct().Count() == 1 ? $"{indices[0]}" : string.Join(", ", indices);
        return $"{Type(indices.Length)}.Shuffle({value}, {Type(indices.Length)}.Create({lane}))";
    }

    /// <summary>The aligned part of a vector that begins at a lane.</summary>
    public static string Part(string value, int lanes, int length, int first)
    {
        for (int half = lanes / 2; half >= length; half /= 2)
        {
            value = $"{Type(half * 2)}.{(first < half ? "GetLower" : "GetUpper")}({value})";
            first %= half;
        }
        return value;
    }

    /// <summary>One vector of several, of which the first has the lowest lanes; there are as many as make up a vector.</summary>
    public static string Join(IReadOnlyList<string> parts, int lanes) => parts.Count == 1
        ? parts[0]
        : $"{Type(lanes * parts.Count)}.Create({Join([.. parts.Take(parts.Count / 2)], lanes)}, {Join([.. parts.Skip(parts.Count / 2)], lanes)})";

    // What the further lanes hold does not matter.
    private static string Widen(string value, int lanes, int length)
    {
        for (; lanes < length; lanes *= 2)
            value = $"{Type(lanes)}.ToVector{lanes * 64}Unsafe({value})";
        return value;
    }

    private static string Type(int lanes) => $"BpSimd::Vector{lanes * 32}";
}
