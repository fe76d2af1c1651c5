namespace Backprop.Generator.Planning;

/// <summary>Neighbouring rows of a gradient of weights, in tiles of one height.</summary>
/// <param name="First">The first row.</param>
/// <param name="Tiles">The number of tiles.</param>
/// <param name="Rows">Rows of each.</param>
internal sealed record TileRun(int First, int Tiles, int Rows)
{
    /// <summary>One behind the last row.</summary>
    public int End => First + Tiles * Rows;

    /// <summary>
    /// All rows: tiles as high as the registers allow, then what is left in one. Eight at the end are twice four, not six and two: four rows load less for each
    /// multiply-add, and have the chains that two lack.
    /// </summary>
    /// <param name="rows">The rows, inputs of a layer.</param>
    /// <param name="most">Rows of the highest tile.</param>
    public static IReadOnlyList<TileRun> Of(int rows, int most)
    {
        (int tiles, int rest) = (rows / most, rows % most);
        (int tilesOfRest, int rowsOfRest) = (most, rest, tiles) is (6, 2, > 0) ? (2, 4) : (1, rest);
        int first = rows - tilesOfRest * rowsOfRest;
        TileRun[] runs = [new(0, first / most, most), new(first, tilesOfRest, rowsOfRest)];
        return [.. runs.Where(run => run.Tiles * run.Rows > 0)];
    }
}
