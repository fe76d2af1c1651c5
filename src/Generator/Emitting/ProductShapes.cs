using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// The constants that tiles are generic over: a struct for each shape of a product, named after the first layer that has it.
/// Products of one shape so share the machine code of their tiles, all others its source.
/// </summary>
internal static class ProductShapes
{
    /// <summary>The type parameter of a tile.</summary>
    public const string Parameter = "TShape";

    /// <summary>The number of terms of each sum, in a tile.</summary>
    public const string Steps = $"{Parameter}.Steps";

    /// <summary>The constraint of methods that are generic over a product's shape.</summary>
    public const string Constraint = $"where {Parameter} : struct, BpKernels::IProductShape";

    /// <summary>The struct of a layer's forward product and its gradient, as kernels write it.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="group">The panels of its units.</param>
    public static string OfLayer(NetworkPlan plan, LayerPlan layer, PanelGroup group) => NameOf(plan, Forward(plan, layer, group));

    /// <summary>The struct of the product that gives a hidden layer's δ.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="group">The panels of its units, as inputs of the layer above.</param>
    public static string OfDelta(NetworkPlan plan, LayerPlan layer, PanelGroup group) => NameOf(plan, Delta(plan, layer, group));

    /// <summary>Writes the struct of each shape.</summary>
    public static void Write(SourceWriter writer, NetworkPlan plan)
    {
        if (!All(plan).Any())
            return;
        writer.Line();
        writer.Line("/// <summary>The sizes of the products: what tiles are generic over.</summary>");
        using (writer.Block($"private static class {Names.Shapes}"))
        {
            foreach (IGrouping<object, Shape> same in All(plan).GroupBy(shape => shape.Key))
            {
                Shape shape = same.First();
                string numbers = string.Join(", ", same.Select(other => other.Number).Distinct());
                string subject = $"{(numbers.Contains(',') ? "Layers" : "Layer")} {numbers}{(shape.Wider ? ", wider panels" : "")}";
                if (shape != All(plan).First())
                    writer.Line();
                writer.Line($"/// <summary>{subject}: {(shape.Kind == "Layer" ? "forward product and gradient" : "the product that gives δ")}.</summary>");
                using (writer.Block($"internal readonly struct {shape.Name} : BpKernels::IProductShape"))
                {
                    writer.Line($"public static int Steps => {shape.Steps};");
                    writer.Line($"public static int InputStride => {shape.InputStride};");
                    writer.Line($"public static int OutputStride => {shape.OutputStride};");
                    writer.Line($"public static int PanelWidth => {shape.PanelWidth};");
                    writer.Line($"public static bool HasBias => {(shape.HasBias ? "true" : "false")};");
                }
            }
        }
    }

    private static string NameOf(NetworkPlan plan, Shape shape) => $"{Names.Shapes}.{All(plan).First(other => other.Key.Equals(shape.Key)).Name}";

    private static IEnumerable<Shape> All(NetworkPlan plan) =>
        plan.Layers.Where(layer => layer.Dots is null).SelectMany(layer => PanelGroup.Of(layer.Layout).Select(group => Forward(plan, layer, group)))
            .Concat(plan.Hidden.SelectMany(layer => PanelGroup.Of(Above(plan, layer).InputPanels).Select(group => Delta(plan, layer, group))));

    private static LayerPlan Above(NetworkPlan plan, LayerPlan layer) => plan.Layers[layer.Number];

    private static Shape Forward(NetworkPlan plan, LayerPlan layer, PanelGroup group) => new(
        "Layer", layer.Number, group.FirstUnit == 0 && layer.Layout.WiderPanels > 0,
        layer.Inputs, plan.InputStride(layer), layer.Stride, group.Width, layer.Dense.Bias);

    private static Shape Delta(NetworkPlan plan, LayerPlan layer, PanelGroup group) => new(
        "Delta", layer.Number, group.FirstUnit == 0 && Above(plan, layer).InputPanels.WiderPanels > 0,
        Above(plan, layer).Units, Above(plan, layer).Stride, layer.Stride, group.Width, HasBias: false);

    private sealed record Shape(
        string Kind, int Number, bool Wider, int Steps, int InputStride, int OutputStride, int PanelWidth, bool HasBias)
    {
        public string Name => $"{Kind}{Number}{(Wider ? "Wide" : "")}";

        // Everything that a tile takes from it.
        public object Key => (Kind, Steps, InputStride, OutputStride, PanelWidth, HasBias);
    }
}
