using System.Runtime.Intrinsics.X86;

namespace Backprop.Numerics;

/// <summary>Whose processor this is, for the few decisions in which two with the same instructions differ.</summary>
internal static class Processor
{
    // Set by Identify, not by an initialiser: code that is compiled before a class has run its own asks in every round of a loop whether it has, with all
    // sums in memory (784-128-10 then takes 5,300 ns, not 3,050).
    private static bool s_identified;

    /// <summary>Whether it is one of AMD's.</summary>
    public static bool IsAmd { get; private set; }

    /// <summary>Whether it is one of Intel's.</summary>
    public static bool IsIntel { get; private set; }

    /// <summary>Finds out. To be called before a kernel runs.</summary>
    public static void Identify()
    {
        if (s_identified || !X86Base.IsSupported) return;
        int vendor = X86Base.CpuId(0, 0).Ebx; // The first quarter of its name; an instruction that takes microseconds where there is a hypervisor.
        IsAmd = vendor == BitConverter.ToInt32("Auth"u8); // AuthenticAMD
        IsIntel = vendor == BitConverter.ToInt32("Genu"u8); // GenuineIntel
        s_identified = true;
    }
}
