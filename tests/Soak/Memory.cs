namespace Backprop.Soak;

/// <summary>What the process holds at a moment.</summary>
/// <param name="Own">Bytes that the calling thread has ever allocated on the managed heap.</param>
/// <param name="All">Bytes that any thread has ever allocated there, those of the runtime included.</param>
/// <param name="Collections">Collections so far.</param>
/// <param name="Resident">Bytes of memory that it occupies.</param>
internal readonly record struct Memory(long Own, long All, int Collections, long Resident)
{
    /// <summary>What it holds now. Asking takes memory itself: that comes before the figure where <paramref name="first"/>, else after it.</summary>
    public static Memory Now(bool first)
    {
        (long own, long all, long resident) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalAllocatedBytes(precise: true), Environment.WorkingSet);
        if (first)
            (own, all) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalAllocatedBytes(precise: true));
        return new(own, all, GC.CollectionCount(0), resident);
    }
}
