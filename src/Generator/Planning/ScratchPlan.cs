using Backprop.Generator.Model;

namespace Backprop.Generator.Planning;

/// <summary>One buffer of scratch memory.</summary>
/// <param name="Name">Its name in emitted code: <c>a1</c>, <c>delta2</c>.</param>
/// <param name="Offset">Floats from the scratch's start; a multiple of 16.</param>
/// <param name="Rows">Samples, or rows of a matrix.</param>
/// <param name="Stride">Floats from row to row.</param>
internal sealed record BufferPlan(string Name, int Offset, int Rows, int Stride)
{
    /// <summary>Floats, rounded up to whole vectors, so that reading one past a short row stays inside.</summary>
    public int Length => ScratchPlan.RoundUp((long)Rows * Stride);
}

/// <summary>The scratch memory of one kernel.</summary>
/// <param name="Buffers">The buffers, in order.</param>
internal sealed record ScratchPlan(EquatableArray<BufferPlan> Buffers)
{
    /// <summary>Floats in all.</summary>
    public int Length => Buffers.Count == 0 ? 0 : Buffers[Buffers.Count - 1].Offset + Buffers[Buffers.Count - 1].Length;

    /// <summary>The buffer of a name.</summary>
    public BufferPlan this[string name] => Buffers.First(b => b.Name == name);

    /// <summary>Rounds up to whole vectors of 16 floats.</summary>
    public static int RoundUp(long length) =>
        checked((int)((length + PanelLayout.Alignment - 1) / PanelLayout.Alignment * PanelLayout.Alignment));
}
