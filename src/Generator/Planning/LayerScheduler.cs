using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>
/// Decides what of each layer's forward pass is written out at one vector width. Layers are unrolled from the first on while the budget of the method
/// that holds them lasts; the output stage, on which everything waits, has its share of the budget before the hidden layers. With
/// <see cref="Unroll.Full"/> the others have methods of their own.
/// </summary>
internal sealed class LayerScheduler
{
    private readonly NetworkSpec _spec;
    private readonly VectorWidth _width;
    private readonly LayerPlan[] _layers;
    private readonly bool _turnsBatch;

    // What the layers so far have of the budget.
    private int _multiplyAdds, _activations;

    private LayerScheduler(NetworkSpec spec, VectorWidth width, LayerPlan[] layers, bool turnsBatch)
    {
        _spec = spec;
        _width = width;
        _layers = layers;
        _turnsBatch = turnsBatch;
    }

    /// <summary>The schedules of a network's layers, first to last.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="width">The kernels' vector width.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="turnsBatch">Whether a batch may turn weights round.</param>
    public static LayerSchedule[] Schedule(NetworkSpec spec, VectorWidth width, LayerPlan[] layers, bool turnsBatch)
    {
        var scheduler = new LayerScheduler(spec, width, layers, turnsBatch);
        LayerSchedule output = scheduler.Schedule(layers[layers.Length - 1]);
        return [.. layers.Take(layers.Length - 1).Select(scheduler.Schedule), output];
    }

    private LayerSchedule Schedule(LayerPlan layer)
    {
        int lanes = Math.Min(_width.Lanes, layer.Layout.VectorLength);
        int vectors = layer.Layout.PaddedUnits / lanes;
        int rows = TilePlanner.RowsInVector(_width, layer.Layout), products = vectors * layer.Inputs, lines = products / rows;
        int costly = vectors * InlinedFunctions.Cost(layer);
        bool fits = layer.Dots is null && _spec.Unroll != Unroll.Tiled && _width.Lanes > 1 && lines <= MostOf(layer, vectors) && _multiplyAdds + lines <= JitBudget.MultiplyAdds;
        bool unrollsActivation = layer.IsOutput
            ? InlinedFunctions.CostOfOutputs(layer, lanes) <= (fits && layer.FusesActivation ? JitBudget.PlainOutputs : JitBudget.CostlyOutputs)
            : _activations + costly <= JitBudget.CostlyActivations;
        bool unrolls = fits && (unrollsActivation || !layer.IsOutput);
        if (unrolls)
            _multiplyAdds += lines;
        if (unrollsActivation && (unrolls || layer.IsOutput) && !layer.FusesActivation)
            _activations += costly;
        bool splits = !unrolls && layer.Dots is null && _spec.Unroll == Unroll.Full && _width.Lanes > 1 && products <= JitBudget.MultiplyAddsOfParts;
        var parts = new EquatableArray<ProductPart>(splits ? [.. ProductPart.Of(layer.Layout, lanes)] : []);
        return new LayerSchedule(lanes, unrolls, unrollsActivation, parts) { RowsInVector = unrolls ? rows : 1, TurnsBatch = _turnsBatch && DotPlanner.Turns(_width, layer) };
    }

    // The most multiply-adds of a layer's product that are written out.
    private int MostOf(LayerPlan layer, int vectors)
    {
        if (_spec.Unroll == Unroll.Full)
            return JitBudget.MultiplyAdds;
        int inputs = ResultsStayInVariables(layer) ? JitBudget.InputsOfShortProductInVariables : JitBudget.InputsOfShortProduct;
        return layer.Inputs <= inputs && vectors <= _width.Registers / 2 ? JitBudget.MultiplyAddsOfShortProduct : JitBudget.MultiplyAddsOfProduct;
    }

    private bool ResultsStayInVariables(LayerPlan layer) =>
        _layers.Length == 1 || (layer.Number == _layers.Length - 1 && _layers[layer.Number].Dots is { } last && DotPlanner.TakesVectors(_width, last));
}
