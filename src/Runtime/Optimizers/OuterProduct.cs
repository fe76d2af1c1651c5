namespace Backprop.Optimizers;

/// <summary>
/// The gradient a·δᵀ of some rows of weights, row by row: of one sample. A gradient that is in memory is the same with the single
/// row a = 1, and the product by 1 is exact.
/// </summary>
/// <param name="a">The activation of the first row.</param>
/// <param name="rows">The number of rows.</param>
/// <param name="delta">δ of the first unit.</param>
/// <param name="width">The floats of a row.</param>
internal readonly ref struct OuterProduct(ref float a, int rows, ref float delta, int width)
{
    /// <summary>The activation of the first row.</summary>
    public readonly ref float A = ref a;

    /// <summary>δ of the first unit.</summary>
    public readonly ref float Delta = ref delta;

    /// <summary>The number of rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>The floats of a row.</summary>
    public int Width { get; } = width;
}
