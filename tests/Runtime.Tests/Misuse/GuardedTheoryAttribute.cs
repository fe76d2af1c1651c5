namespace Runtime.Tests.Misuse;

/// <summary>Theories on memory between guard pages, which are skipped where the system has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GuardedTheoryAttribute : TheoryAttribute
{
    public GuardedTheoryAttribute()
    {
        if (!GuardedFloats.IsSupported)
            Skip = "Guard pages are set on Linux only.";
    }
}
