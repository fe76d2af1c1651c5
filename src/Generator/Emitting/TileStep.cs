namespace Backprop.Generator.Emitting;

/// <summary>
/// The order in which a step of a tile reads its two sides: the one that has fewer is in registers as a whole, the other one by one, so that beside
/// rows × columns sums there are the fewer of them and one more.
/// </summary>
internal static class TileStep
{
    /// <summary>Writes a step.</summary>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="readRow">Writes what reads a row's number or vector.</param>
    /// <param name="readColumn">The same for a column.</param>
    /// <param name="multiplyAdd">Writes what adds the product of a row and a column.</param>
    public static void Write(int rows, int columns, Action<int> readRow, Action<int> readColumn, Action<int, int> multiplyAdd)
    {
        if (rows > columns)
        {
            Write(columns, rows, readColumn, readRow, (column, row) => multiplyAdd(row, column));
            return;
        }
        for (int row = 0; row < rows; row++)
            readRow(row);
        for (int column = 0; column < columns; column++)
        {
            readColumn(column);
            for (int row = 0; row < rows; row++)
                multiplyAdd(row, column);
        }
    }
}
