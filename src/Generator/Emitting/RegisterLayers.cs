using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>What the layers of a network are in registers: their vectors, and the names of their variables.</summary>
internal sealed class RegisterLayers(KernelContext context)
{
    /// <summary>The vectors of a layer's units.</summary>
    public int Vectors(LayerPlan layer) => layer.Layout.PaddedUnits / context.Vector(layer).Lanes;

    /// <summary>A variable of a layer, or of one of its vectors where it has several.</summary>
    public string Name(string variable, LayerPlan layer, int v) => $"{variable}{layer.Number}{(Vectors(layer) == 1 ? "" : $"_{v}")}";

    /// <summary>The rows of weights that a vector holds.</summary>
    public int Rows(LayerPlan layer) => context.Schedule.Layers[layer.Number - 1].RowsInVector;

    /// <summary>The vectors of a layer's weights: as long as its rows, or several of them.</summary>
    public VectorSyntax Wide(LayerPlan layer) => context.Vector(context.Vector(layer).Lanes * Rows(layer));

    /// <summary>The rows of a layer's weights, or the vectors that several of them share.</summary>
    public int Groups(LayerPlan layer) => layer.Inputs / Rows(layer);

    /// <summary>A vector of a layer's δ, once for each of the rows that share a vector.</summary>
    public string SpreadDelta(LayerPlan layer, int v) => Rows(layer) > 1 ? $"d{layer.Number}Rows" : Name("d", layer, v);
}
