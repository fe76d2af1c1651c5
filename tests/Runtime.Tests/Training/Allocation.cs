namespace Runtime.Tests.Training;

/// <summary>Measures what code allocates.</summary>
internal static class Allocation
{
    /// <summary>
    /// The bytes that some code allocates on the calling thread: the fewest of many runs, since the runtime allocates on
    /// that thread too when it compiles a method there, anew perhaps after thirty calls (of five runs each was once one with 152 bytes of it).
    /// </summary>
    /// <param name="run">The code.</param>
    public static long Of(Action run)
    {
        long fewest = long.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return fewest;
    }
}
