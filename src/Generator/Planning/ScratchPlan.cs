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

/// <summary>The scratch memory of one entry point.</summary>
/// <param name="Buffers">The buffers, in order.</param>
internal sealed record ScratchPlan(EquatableArray<BufferPlan> Buffers)
{
    /// <summary>
    /// The most floats that live on the stack: 4 KiB. C# zeroes a stackalloc at every call, so that larger scratch is rented
    /// from a pool (measured: 64-32-10, batch 64, takes 6 % longer with 12 KiB of forward scratch on the stack).
    /// </summary>
    public const int MaxStackFloats = 1024 - PanelLayout.Alignment;

    /// <summary>Floats in all.</summary>
    public int Length => Buffers.Count == 0 ? 0 : Buffers[Buffers.Count - 1].Offset + Buffers[Buffers.Count - 1].Length;

    /// <summary>Whether it lives on the stack.</summary>
    public bool OnStack => Length <= MaxStackFloats;

    /// <summary>One buffer that holds what any of the given plans needs: the one that runs lays it out.</summary>
    public static ScratchPlan Shared(params ScratchPlan?[] plans) => new(new EquatableArray<BufferPlan>(
        [new BufferPlan("kernels", 0, 1, plans.Max(plan => plan?.Length ?? 0))]));

    /// <summary>This scratch, and after it a buffer more.</summary>
    public ScratchPlan With(string name, int length) => new(new EquatableArray<BufferPlan>(
        [.. Buffers, new BufferPlan(name, Length, 1, length)]));

    /// <summary>The buffer of a name.</summary>
    public BufferPlan this[string name] => Buffers.First(b => b.Name == name);

    /// <summary>Rounds up to whole vectors of 16 floats.</summary>
    public static int RoundUp(long length) =>
        checked((int)((length + PanelLayout.Alignment - 1) / PanelLayout.Alignment * PanelLayout.Alignment));
}
