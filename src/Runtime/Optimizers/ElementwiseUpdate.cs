using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Backprop.Numerics;

namespace Backprop.Optimizers;

/// <summary>An update that treats every parameter on its own, written once for every vector width.</summary>
internal interface IElementwiseUpdate
{
    /// <summary>As <see cref="IOptimizer.Update"/>, with the vector to use.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    void Update<TLanes>(ref float parameters, ref float gradient, int offset, int count) where TLanes : struct, ILanes<TLanes>;
}

/// <summary>Runs an update with the widest vector of the machine; the JIT leaves only that one.</summary>
internal static class ElementwiseUpdate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TUpdate>(ref readonly TUpdate update, ref float parameters, ref float gradient, int offset, int count)
        where TUpdate : struct, IElementwiseUpdate
    {
        ref var rule = ref Unsafe.AsRef(in update);
        if (Vector512.IsHardwareAccelerated) RunWhole<TUpdate, Lanes512>(ref rule, ref parameters, ref gradient, offset, count);
        else if (Vector256.IsHardwareAccelerated) RunWhole<TUpdate, Lanes256>(ref rule, ref parameters, ref gradient, offset, count);
        else if (Vector128.IsHardwareAccelerated) rule.Update<Lanes128>(ref parameters, ref gradient, offset, count);
        else rule.Update<Lanes32>(ref parameters, ref gradient, offset, count);
    }

    // Rows of narrow layers are multiples of 4 floats only: the last few go through the shortest vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunWhole<TUpdate, TLanes>(ref TUpdate rule, ref float parameters, ref float gradient, int offset, int count)
        where TUpdate : struct, IElementwiseUpdate
        where TLanes : struct, ILanes<TLanes>
    {
        int whole = count & -TLanes.Count;
        rule.Update<TLanes>(ref parameters, ref gradient, offset, whole);
        if (whole < count)
            rule.Update<Lanes128>(ref Unsafe.Add(ref parameters, whole), ref Unsafe.Add(ref gradient, whole), offset + whole, count - whole);
    }
}
