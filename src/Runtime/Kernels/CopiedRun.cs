namespace Backprop.Kernels;

/// <summary>Parameters that follow each other in canonical order and in the network's own.</summary>
/// <param name="Packed">The place of the first in the network's own order.</param>
/// <param name="Canonical">The place of the first in canonical order.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct CopiedRun(int Packed, int Canonical, int Count);
