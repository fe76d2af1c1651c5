namespace Backprop.Generator.Emitting;

/// <summary>A distance in floats between the numbers that a tile reads or writes: known, or a constant of the product's shape.</summary>
/// <param name="Floats">The distance where it is known.</param>
/// <param name="Constant">Else the name of the constant.</param>
internal readonly record struct TileDistance(int Floats, string? Constant = null)
{
    /// <summary>The floats from one sample's numbers on the input side of a product to the next sample's.</summary>
    public static readonly TileDistance InputStride = new(0, "inputStride");

    /// <summary>The same on its output side.</summary>
    public static readonly TileDistance OutputStride = new(0, "outputStride");

    /// <summary>The floats from one row of a panel's weights to the next.</summary>
    public static readonly TileDistance PanelWidth = new(0, "panelWidth");

    public static implicit operator TileDistance(int floats) => new(floats);

    /// <summary>
    /// Writes local variables for those that a tile uses: each use of the property would be a call for the JIT to inline (measured:
    /// the first calls of 784-512-256-10 take a tenth longer).
    /// </summary>
    public static void Declare(SourceWriter writer, params TileDistance[] distances) =>
        writer.Line($"int {string.Join(", ", distances.Select(distance => $"{distance.Constant} = {ProductShapes.Parameter}.{char.ToUpperInvariant(distance.Constant![0])}{distance.Constant.Substring(1)}"))};");

    /// <summary>The offset that lies some of these distances away.</summary>
    public string Times(int count) => Times(count, 0);

    /// <summary>The offset that lies some of these distances away, and some floats beyond.</summary>
    public string Times(int count, int beyond) =>
        Constant is null ? $"{count * Floats + beyond}"
        : VectorSyntax.Sum(count == 0 ? "" : count == 1 ? Constant : $"{count} * {Constant}", $"{beyond}");
}
