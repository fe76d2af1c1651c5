namespace Backprop.Kernels;

/// <summary>The weights of a panel of units: their rows in canonical order, which are columns in the network's own.</summary>
/// <param name="Packed">The place of the first in the network's own order.</param>
/// <param name="Width">Floats from one row to the next there: the units, padding included.</param>
/// <param name="Canonical">The place of the first in canonical order.</param>
/// <param name="Inputs">The layer's inputs: floats from one row to the next there.</param>
/// <param name="Units">The units.</param>
internal readonly record struct TransposedPanel(int Packed, int Width, int Canonical, int Inputs, int Units);
