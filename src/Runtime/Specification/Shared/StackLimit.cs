namespace Backprop;

/// <summary>How much scratch memory a pass keeps on the stack: generated code plans by it, the runtime provides it.</summary>
internal static class StackLimit
{
    /// <summary>The most floats, 32 KiB with those that aligning them takes; more is rented from a pool, which takes some 20 ns.</summary>
    public const int Length = 8 * 1024 - PanelLayout.Alignment;
}
