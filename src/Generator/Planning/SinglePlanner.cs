namespace Backprop.Generator.Planning;

/// <summary>
/// Decides how a single sample goes through the network at one vector width: what of it stays in registers or in variables, and what is one method: no
/// more than the JIT inlines into one, or values would live in memory.
/// </summary>
internal sealed class SinglePlanner
{
    private readonly VectorWidth _width;
    private readonly LayerPlan[] _layers;
    private readonly LayerSchedule[] _schedules;

    // The functions of the forward pass, and of the output layer's activation, loss and δ.
    private readonly int _forward, _output;

    private SinglePlanner(VectorWidth width, LayerPlan[] layers, LayerSchedule[] schedules)
    {
        _width = width;
        _layers = layers;
        _schedules = schedules;
        _forward = Sum(InlinedFunctions.OfForward);
        _output = InlinedFunctions.OfOutput(Last, LastSchedule);
    }

    private LayerPlan Last => _layers[_layers.Length - 1];

    private LayerSchedule LastSchedule => _schedules[_schedules.Length - 1];

    /// <summary>Plans a single sample, and how its inputs reach each layer.</summary>
    /// <param name="width">The kernels' vector width.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="schedules">Their schedules so far.</param>
    /// <returns>The plan, and the schedules with how a sample's inputs reach them and how its δ leaves them.</returns>
    public static (SinglePlan One, LayerSchedule[] Schedules) Plan(VectorWidth width, LayerPlan[] layers, LayerSchedule[] schedules)
    {
        var planner = new SinglePlanner(width, layers, [.. schedules]);
        return (planner.Plan(), planner._schedules);
    }

    private SinglePlan Plan()
    {
        int back = Sum(InlinedFunctions.OfRegisters);
        return _layers.Zip(_schedules, FitsRegisters).All(fits => fits) && Fits(_output + back) ? PlanRegisters(back) : PlanLoops();
    }

    // A layer of a vector or two, up to the longest there is, written out whole. Its gradient is one block for the optimizer: 64 inputs of 16 units, which
    // would be more, exceed the budget of functions.
    private static bool FitsRegisters(LayerPlan layer, LayerSchedule schedule) =>
        schedule.AppliesAtOnce(layer) && layer.Layout.PaddedUnits <= Math.Min(2 * schedule.Lanes, PanelLayout.Alignment);

    private SinglePlan PlanRegisters(int back)
    {
        for (int i = 0; i < _layers.Length; i++)
            _schedules[i] = _schedules[i] with { PropagatesByColumns = TilePlanner.PropagatesByColumns(_layers[i].Layout, _schedules[i].RowsInVector) };
        return new SinglePlan(
            InRegisters: true,
            ForwardInVariables: true,
            InlinesForward: InlinesForward,
            StepInVariables: false,
            InlinesStep: Fits(_forward + _output + back));
    }

    private SinglePlan PlanLoops()
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            ConnectInputs(i);
            _schedules[i] = _schedules[i] with { PropagatesRestApart = PropagatesRestApart(_layers[i], _schedules[i]) };
        }
        // The only layer, along its inputs, has nothing to keep.
        bool keepsNothing = _layers[0].Dots is not null;
        bool forwardInVariables = keepsNothing || (OutputFollowsAtOnce && _schedules.Skip(1).All(schedule => schedule.TakesVectors));
        int lastInVariables = _forward + _output + (Last.Dots is { } dots ? InlinedFunctions.OfDotsInVariables(dots, _width) : 0);
        bool stepInVariables = forwardInVariables && !keepsNothing && StaysInVariablesBack && Fits(lastInVariables);
        return new SinglePlan(
            InRegisters: keepsNothing,
            ForwardInVariables: forwardInVariables,
            InlinesForward: InlinesForward,
            StepInVariables: stepInVariables,
            InlinesStep: stepInVariables
                ? Fits(lastInVariables + InlinedFunctions.OfFirstInVariables(_layers[0], _width))
                : Fits(_forward + _output + Sum(OfBackward)) && (keepsNothing || IsWrittenOut));
    }

    // How its inputs reach a layer: two at a time where loads are what bounds it, and from the layer below those that fill
    // vectors from its variables, where both are computed in one method.
    private void ConnectInputs(int number)
    {
        LayerSchedule upper = _schedules[number];
        LayerPlan layer = _layers[number];
        bool spreads = upper.Lanes == PanelLayout.Alignment && NetworkPlanner.Parameters(_layers) <= Caches.ParametersOfLargestL1;
        if (number == 0)
        {
            _schedules[0] = upper with { SpreadsInputs = spreads && TilePlanner.SpreadsFirstInputs(layer.Layout) };
            return;
        }
        LayerSchedule lower = _schedules[number - 1];
        LayerPlan below = _layers[number - 1];
        spreads &= layer.Inputs % upper.Lanes == 0;
        bool vectors = layer.Dots is { } along ? DotPlanner.TakesVectors(_width, along) : upper.UnrollsOne && (spreads || upper.RowsInVector > 1);
        bool loops = vectors && lower.TilesOne && below.FusesActivation && below.Layout.Panels == 1;
        _schedules[number - 1] = lower with { LoopsOne = loops };
        bool takes = loops || (vectors && lower.AppliesAtOnce(below));
        _schedules[number] = upper with { SpreadsInputs = spreads, TakesVectors = takes };
    }

    private bool PropagatesRestApart(LayerPlan layer, LayerSchedule schedule) =>
        layer.Number > 1 && layer.Dots is null && layer.Inputs > schedule.Lanes && layer.Inputs % schedule.Lanes != 0 && !Fits(OfBackward(layer, schedule));

    private bool InlinesForward => Fits(_forward + _output) && InlinedLocals.OfForward(_layers, _schedules, _width) <= JitBudget.InlinedLocals;

    private bool OutputFollowsAtOnce => LastSchedule.UnrollsActivation && (Last.Dots is not null || LastSchedule.UnrollsOne);

    // A layer of up to a quarter of the registers: the only one, or below a last one that lies along its inputs and leaves room for δ of its units beside
    // two vectors for each of its inputs' (measured, Zen 5, 256 bits: a step of 64-32-10 in variables 138 ns, through memory 133; of 10-20-5 51 and 55).
    private bool StaysInVariablesBack =>
        FirstVectors <= _width.Registers / 4 && (_layers.Length == 1 || (_layers.Length == 2 && Last.Dots is not null && Last.Units + 2 * FirstVectors <= _width.Registers));

    private int FirstVectors => _layers[0].Layout.PaddedUnits / _schedules[0].Lanes;

    private bool IsWrittenOut =>
        _layers.Length <= JitBudget.InlinedLayers && _layers.Zip(_schedules, (layer, schedule) => layer.Dots is not null || schedule.UnrollsOne).All(written => written);

    private int OfBackward(LayerPlan layer, LayerSchedule schedule) => InlinedFunctions.OfBackward(layer, schedule, _width);

    private int Sum(Func<LayerPlan, LayerSchedule, int> functions) => _layers.Zip(_schedules, functions).Sum();

    private static bool Fits(int functions) => functions <= JitBudget.InlinedFunctions;
}
