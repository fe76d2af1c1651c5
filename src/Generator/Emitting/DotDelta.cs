using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes a vector of Wᵀδ below a layer that lies along its inputs: the sum of its units' weights, each times the number δ.</summary>
internal static class DotDelta
{
    /// <summary>Writes the sum.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="units">The layer's units.</param>
    /// <param name="weights">The weights of a unit.</param>
    /// <param name="delta">The variable that has δ of a unit in every lane.</param>
    /// <param name="sum">The variable that takes the sum.</param>
    public static void Write(SourceWriter writer, VectorSyntax vector, int units, Func<int, string> weights, Func<int, string> delta, string sum)
    {
        int splits = DotPlanner.DeltaSplits(units);
        string Partial(int split) => split == 0 ? sum : $"{sum}_{split}";
        for (int u = 0; u < units; u++)
        {
            string partial = Partial(u % splits);
            writer.Line(u < splits ? $"var {partial} = {weights(u)} * {delta(u)};" : $"{partial} = {vector.MultiplyAddOfMany(weights(u), delta(u), partial)};");
        }
        PartialSums.Write(writer, splits, split => [Partial(split)]);
    }
}
