namespace Backprop.Generator.Planning;

/// <summary>
/// What one method does of a single sample's product that is written out over several: for some neighbouring vectors of
/// units, a range of the inputs. The first part of these vectors starts from their biases, the later ones from the sums so far.
/// </summary>
/// <param name="FirstVector">The first vector of units, counted from the layer's first.</param>
/// <param name="Vectors">The number of vectors, all of one panel.</param>
/// <param name="FirstInput">The first input.</param>
/// <param name="Inputs">The number of inputs.</param>
internal sealed record ProductPart(int FirstVector, int Vectors, int FirstInput, int Inputs)
{
    /// <summary>Multiply-adds of vectors.</summary>
    public int MultiplyAdds => Vectors * Inputs;

    /// <summary>The parts of a layer, those of the same vectors in the order of their inputs.</summary>
    public static IEnumerable<ProductPart> Of(PanelLayout layout, int lanes)
    {
        for (int panel = 0; panel < layout.Panels; panel++)
        {
            // As many vectors as keep the multiply-add units busy: with more, 16 registers do not hold them.
            foreach ((int vector, int vectors) in Evenly(layout.Width(panel) / lanes, TilePlanner.Chains))
            {
                foreach ((int input, int inputs) in Evenly(layout.Inputs, JitBudget.MultiplyAdds / vectors))
                    yield return new ProductPart(layout.FirstUnit(panel) / lanes + vector, vectors, input, inputs);
            }
        }
    }

    // A number of things in as few pieces as hold at most so many, each as large as the others, or larger by one.
    private static IEnumerable<(int First, int Count)> Evenly(int count, int most)
    {
        int pieces = (count + most - 1) / most;
        for (int first = 0; pieces > 0; pieces--)
        {
            int piece = (count - first) / pieces;
            yield return (first, piece);
            first += piece;
        }
    }
}
