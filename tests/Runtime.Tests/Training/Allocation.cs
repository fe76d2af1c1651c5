namespace Runtime.Tests.Training;

/// <summary>Measures what code allocates.</summary>
internal static class Allocation
{
    /// <summary>
    /// The bytes that some code allocates on the calling thread: the fewest of several runs, since the runtime allocates on
    /// that thread too when it compiles a method there, anew perhaps after thirty calls.
    /// </summary>
    /// <param name="run">The code.</param>
    public static long Of(Action run)
    {
        long fewest = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return fewest;
    }
}
