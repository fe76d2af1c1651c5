using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>
/// The register tile of a product: Rows × Columns accumulators, each column a vector. One step of the product loads
/// Columns vectors, broadcasts Rows numbers and does Rows · Columns multiply-adds.
/// </summary>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="Columns">Vectors side by side.</param>
/// <param name="RowTiles">Rows of the tiles, largest first; the last is 1, so that any number of rows can be covered.</param>
internal sealed record TilePlan(int Lanes, int Columns, EquatableArray<int> RowTiles)
{
    /// <summary>Floats side by side.</summary>
    public int Width => Columns * Lanes;

    /// <summary>Rows of the main tile.</summary>
    public int Rows => RowTiles[0];

    /// <summary>Whether a tile of so many rows ends row by row (<see cref="TilePlanner.EndsByRows"/>): the main tile; the others serve once, which is not worth their text.</summary>
    /// <param name="rows">Rows of the tile.</param>
    public bool EndsByRows(int rows) => rows == Rows && TilePlanner.EndsByRows(rows * Columns);
}
