using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>What the emitters of one width's kernels share: the plan, the width, and how its vectors are written.</summary>
internal sealed class KernelContext(NetworkPlan plan, WidthPlan schedule, bool hasMultiplyAddEstimate)
{
    private readonly Dictionary<object, string> _names = [];
    private readonly HashSet<string> _begun = [];

    public NetworkPlan Plan { get; } = plan;

    public WidthPlan Schedule { get; } = schedule;

    public VectorWidth Width => Schedule.Width;

    /// <summary>Floats in a vector over a layout's units.</summary>
    public int Lanes(PanelLayout layout) => Math.Min(Width.Lanes, layout.VectorLength);

    public VectorSyntax Vector(int lanes) => new(lanes, hasMultiplyAddEstimate);

    public VectorSyntax Vector(LayerPlan layer) => Vector(Lanes(layer.Layout));

    public TilePlan Tile(PanelLayout layout, PanelGroup group) => TilePlanner.ForPanel(Width, layout, group.Width);

    /// <summary>Tells the tiles of a layout's two groups of panels apart in their names.</summary>
    public string GroupSuffix(PanelLayout layout, PanelGroup group) =>
        layout.WiderPanels > 0 ? $"Of{group.Width}" : "";

    /// <summary>Floats from sample to sample of a layer's inputs: the caller's data, or the layer before.</summary>
    public int InputStride(LayerPlan layer) => layer.Number == 1 ? layer.Inputs : Plan.Layers[layer.Number - 2].Stride;

    /// <summary>The name of a kernel: layers of one shape share the kernel that the first of them names.</summary>
    /// <param name="name">The name, should it be the first.</param>
    /// <param name="shape">All that the kernel depends on, as a value.</param>
    public string SharedName(string name, object shape)
    {
        if (!_names.TryGetValue(shape, out string? first))
            _names.Add(shape, first = name);
        return first;
    }

    /// <summary>Whether a kernel is still to be written; true once for each name.</summary>
    public bool Begin(string name) => _begun.Add(name);
}
