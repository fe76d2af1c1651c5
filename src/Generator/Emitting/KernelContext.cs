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

    /// <summary>
    /// Before rows are written that a pass in the widest vectors goes over: where rows are shorter than these, the last vector may reach beyond the
    /// last row, and is 0 there. What the stack held may be subnormal numbers, which some processors take a hundred cycles for.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="buffer">The reference to the first row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="rows">How many rows, an expression; null for one.</param>
    public void WriteZeroesBehind(SourceWriter writer, string buffer, int stride, string? rows = null)
    {
        int lanes = Width.Lanes;
        if (stride % lanes == 0)
            return;
        writer.Line("// What goes over whole vectors meets zeros behind the last row.");
        string last = rows is null ? $"{(stride - 1) / lanes * lanes}" : $"({(stride == 1 ? rows : $"{rows} * {stride}")} - 1) & -{lanes}";
        writer.Line($"{Vector(lanes).Wrapper}.Store({Vector(lanes).Wrapper}.Create(0f), ref {buffer}, {last});");
    }

    public TilePlan Tile(PanelLayout layout, PanelGroup group) => TilePlanner.ForPanel(Width, layout, group.Width);

    /// <summary>The tile of a single row over a layout's panels.</summary>
    public TilePlan RowTile(PanelLayout layout, PanelGroup group) => TilePlanner.ForRow(Width, layout, group.Width);

    /// <summary>Whether panels may be wider than a tile, so that a loop runs over their columns.</summary>
    public bool LoopsColumns => TilePlanner.MaxColumns(Width) * Width.Lanes < PanelLayout.MaxVectors * PanelLayout.Alignment;

    /// <summary>The name of a kernel: layers of one shape share the kernel that the first of them names.</summary>
    /// <param name="name">The name, should it be the first.</param>
    /// <param name="shape">All that the kernel depends on, as a value.</param>
    public string SharedName(string name, object shape)
    {
        if (!_names.TryGetValue(shape, out string? first))
            _names.Add(shape, first = name);
        return first;
    }

    /// <summary>What a comment on a layer's kernel adds about later layers that share it; nothing where none does.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="kernel">The name of a layer's kernel.</param>
    public string Likewise(LayerPlan layer, Func<LayerPlan, string> kernel)
    {
        int[] others = [.. Plan.Layers.Where(other => other.Number > layer.Number && kernel(other) == kernel(layer)).Select(other => other.Number)];
        return others.Length == 0 ? "" : $" {(others.Length == 1 ? "Layer" : "Layers")} {string.Join(", ", others)} likewise.";
    }

    /// <summary>Whether a kernel is still to be written; true once for each name.</summary>
    public bool Begin(string name) => _begun.Add(name);
}
