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

    /// <summary>
    /// Rows of the tile that serves next. Where there is one of three, five rows are 3 + 2 and seven 4 + 3, or 3 + 2 + 2: a single row would read all the weights once more,
    /// for one sample; and eight are 4 + 4, since two rows take as long as four where weights come from the L2 cache. Four without a tile for them are 2 + 2.
    /// </summary>
    /// <param name="left">The rows that are left.</param>
    public int Next(int left)
    {
        bool hasThree = RowTiles.Contains(3), hasFour = RowTiles.Contains(4);
        return (left, hasThree, hasFour) switch
        {
            (7 or 8, true, true) => 4,
            (5, true, _) or (7, true, false) => 3,
            (4, true, false) => 2,
            _ => RowTiles.First(rows => rows <= left),
        };
    }

    /// <summary>Whether a tile of so many rows ends row by row (<see cref="TilePlanner.EndsByRows"/>): the main tile; the others serve once, which is not worth their text.</summary>
    /// <param name="rows">Rows of the tile.</param>
    public bool EndsByRows(int rows) => rows == Rows && TilePlanner.EndsByRows(rows * Columns);
}
