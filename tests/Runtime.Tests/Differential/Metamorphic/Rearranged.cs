using Backprop;

namespace Runtime.Tests.Differential.Metamorphic;

/// <summary>Parameters of a network, or a gradient, in the order of another that computes the same.</summary>
internal static class Rearranged
{
    /// <summary>With the units of layer l in the order units[l]: its rows, and the columns of the layer above.</summary>
    public static T[] Permuted<T>(NetworkSpec spec, T[] parameters, int[][] units)
    {
        var permuted = new T[parameters.Length];
        int offset = 0;
        for (int l = 0; l < spec.Layers.Count; l++)
        {
            int inputs = spec.InputsOf(l), count = spec.Layers[l].Units;
            for (int j = 0; j < count; j++)
            {
                int from = units[l][j];
                for (int i = 0; i < inputs; i++)
                    permuted[offset + j * inputs + i] = parameters[offset + from * inputs + (l == 0 ? i : units[l - 1][i])];
                if (spec.Layers[l].Bias)
                    permuted[offset + count * inputs + j] = parameters[offset + count * inputs + from];
            }
            offset += count * (inputs + (spec.Layers[l].Bias ? 1 : 0));
        }
        return permuted;
    }

    /// <summary>Rows of another length: the first elements of each, and then what <paramref name="more"/> gives.</summary>
    public static T[] Rows<T>(ReadOnlySpan<T> rows, int length, int newLength, Func<T> more)
    {
        var result = new List<T>();
        for (int row = 0; row < rows.Length; row += length)
        {
            for (int i = 0; i < newLength; i++)
                result.Add(i < length ? rows[row + i] : more());
        }
        return [.. result];
    }
}
