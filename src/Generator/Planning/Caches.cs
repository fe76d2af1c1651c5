namespace Backprop.Generator.Planning;

/// <summary>The caches that are counted on: what a core of most processors of this decade has, or more.</summary>
internal static class Caches
{
    /// <summary>Up to how many parameters stay in the first-level cache, with what else a training step touches: half of 48 KiB.</summary>
    public const int ParametersInL1 = 6 * 1024;

    /// <summary>Beyond how many parameters some come from the second-level cache whatever else is in the first: 48 KiB, the largest there are.</summary>
    public const int ParametersOfLargestL1 = 12 * 1024;

    /// <summary>
    /// Beyond how many parameters a single sample asks for them ahead: 50 KiB. Of little more than a cache holds most is still there, and the asking takes longer than
    /// the rest (measured, Zen 5: 64-64-64-64, 49 KiB, takes 176 ns with it and 139 without, 128-64-64-10, 53 KiB, 222 and 252).
    /// </summary>
    public const int ParametersNotAskedFor = 12_800;

    /// <summary>
    /// The second-level cache in bytes (AMD from Zen 4, Intel's servers from Skylake, Arm's Neoverse N1). It is next to the core, and
    /// the last cache that no other core's work can empty.
    /// </summary>
    public const int L2 = 1 << 20;

    /// <summary>A core's share of the third-level cache in bytes.</summary>
    public const int L3 = 16 << 20;
}
