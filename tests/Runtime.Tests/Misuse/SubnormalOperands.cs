using System.Runtime.InteropServices;

namespace Runtime.Tests.Misuse;

/// <summary>
/// Whether anything computed with a subnormal number: x86 processors remember it, until they are told to forget, in a bit of the register that
/// C's <c>fegetenv</c> gives.
/// </summary>
internal static unsafe class SubnormalOperands
{
    private const int ControlAndStatus = 7; // The place of MXCSR among the words of fenv_t.
    private const uint DenormalOperand = 2, AllExceptions = 0x3F;

    /// <summary>Whether this system's C library can be asked.</summary>
    public static bool IsSupported { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && NativeLibrary.TryLoad("libm.so.6", out _);

    /// <summary>Whether this thread computed with one during a call.</summary>
    public static bool In(Action call)
    {
        uint* environment = stackalloc uint[8];
        _ = GetEnvironment(environment);
        environment[ControlAndStatus] &= ~AllExceptions;
        _ = SetEnvironment(environment);
        call();
        _ = GetEnvironment(environment);
        return (environment[ControlAndStatus] & DenormalOperand) != 0;
    }

    [DllImport("libm.so.6", EntryPoint = "fegetenv")]
    private static extern int GetEnvironment(uint* environment);

    [DllImport("libm.so.6", EntryPoint = "fesetenv")]
    private static extern int SetEnvironment(uint* environment);
}

/// <summary>Facts that <see cref="SubnormalOperands"/> shows, skipped where it cannot.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SubnormalFactAttribute : FactAttribute
{
    public SubnormalFactAttribute()
    {
        if (!SubnormalOperands.IsSupported)
            Skip = SubnormalTheoryAttribute.Reason;
    }
}

/// <summary>Theories likewise.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SubnormalTheoryAttribute : TheoryAttribute
{
    public const string Reason = "Which operands were subnormal is read on Linux and x64 only, by glibc.";

    public SubnormalTheoryAttribute()
    {
        if (!SubnormalOperands.IsSupported)
            Skip = Reason;
    }
}
