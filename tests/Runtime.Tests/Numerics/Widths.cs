using System.Runtime.Intrinsics;
using Backprop.Numerics;

namespace Backprop.Tests.Numerics;

/// <summary>A check that can be made with any vector.</summary>
internal interface IWidthCheck
{
    void Run<TLanes>() where TLanes : struct, ILanes<TLanes>;
}

internal static class Widths
{
    /// <summary>Makes a check with every vector that this process has hardware for, and with the portable lane.</summary>
    public static void ForEach<TCheck>(TCheck check) where TCheck : IWidthCheck
    {
        if (Vector512.IsHardwareAccelerated) check.Run<Lanes512>();
        if (Vector256.IsHardwareAccelerated) check.Run<Lanes256>();
        if (Vector128.IsHardwareAccelerated) check.Run<Lanes128>();
        check.Run<Lanes32>();
    }
}
