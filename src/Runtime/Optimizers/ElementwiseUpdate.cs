using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Backprop.Numerics;

namespace Backprop.Optimizers;

/// <summary>Runs the updates of the optimizers that come with the runtime.</summary>
internal static class ElementwiseUpdate
{
    /// <summary>Updates by a gradient in memory, with the widest vector of the machine; the JIT leaves only that one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TUpdate>(ref readonly TUpdate update, ref float parameters, ref float gradient, int offset, int count)
        where TUpdate : struct, IElementwiseUpdate
    {
        ref var rule = ref Unsafe.AsRef(in update);
        if (Vector512.IsHardwareAccelerated) RunWhole<TUpdate, Lanes512>(ref rule, ref parameters, ref gradient, offset, count);
        else if (Vector256.IsHardwareAccelerated) RunWhole<TUpdate, Lanes256>(ref rule, ref parameters, ref gradient, offset, count);
        else if (Vector128.IsHardwareAccelerated) RunRow<TUpdate, Lanes128>(ref rule, ref parameters, ref gradient, offset, count);
        else RunRow<TUpdate, Lanes32>(ref rule, ref parameters, ref gradient, offset, count);
    }

    /// <summary>Updates by a gradient that is a product, if the optimizer is one of the runtime's; which it is, is decided as this is compiled.</summary>
    /// <returns>Whether it is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRun<TOptimizer, TLanes>(ref TOptimizer optimizer, ref float parameters, int offset, OuterProduct gradient)
        where TOptimizer : struct
        where TLanes : struct, ILanes<TLanes>
    {
        if (typeof(TOptimizer) == typeof(Sgd)) Run<Sgd>(ref optimizer, ref parameters, offset, gradient);
        else if (typeof(TOptimizer) == typeof(Adam)) Run<Adam>(ref optimizer, ref parameters, offset, gradient);
        else if (typeof(TOptimizer) == typeof(AdamW)) Run<AdamW>(ref optimizer, ref parameters, offset, gradient);
        else if (typeof(TOptimizer) == typeof(RmsProp)) Run<RmsProp>(ref optimizer, ref parameters, offset, gradient);
        else if (typeof(TOptimizer) == typeof(AdaGrad)) Run<AdaGrad>(ref optimizer, ref parameters, offset, gradient);
        else return false;
        return true;

        static void Run<TUpdate>(ref TOptimizer optimizer, ref float parameters, int offset, OuterProduct gradient)
            where TUpdate : struct, IElementwiseUpdate =>
            Unsafe.As<TOptimizer, TUpdate>(ref optimizer).Update<TLanes>(ref parameters, offset, gradient);
    }

    /// <summary>Applies a rule to a run of parameters. Inlined, so that the rule's constants are in registers: an argument of many vectors would be copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TRule, TLanes>(TRule rule, ref float parameters, OuterProduct gradient, ref float first, ref float second)
        where TRule : struct, IUpdateRule<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        for (var row = 0; row < gradient.Rows; row++)
        {
            var a = TLanes.Create(Unsafe.Add(ref gradient.A, row));
            ref var delta = ref gradient.Delta;
            var left = gradient.Width;
            // Two vectors at a time: the counting of one would take as long as its step.
            for (; left >= 2 * TLanes.Count; left -= 2 * TLanes.Count)
            {
                Step(0, in rule, a, ref delta, ref parameters, ref first, ref second);
                Step(1, in rule, a, ref delta, ref parameters, ref first, ref second);
                delta = ref Unsafe.Add(ref delta, 2 * TLanes.Count);
                parameters = ref Unsafe.Add(ref parameters, 2 * TLanes.Count);
                first = ref Unsafe.Add(ref first, 2 * TLanes.Count);
                second = ref Unsafe.Add(ref second, 2 * TLanes.Count);
            }

            for (; left > 0; left -= TLanes.Count)
            {
                Step(0, in rule, a, ref delta, ref parameters, ref first, ref second);
                delta = ref Unsafe.Add(ref delta, TLanes.Count);
                parameters = ref Unsafe.Add(ref parameters, TLanes.Count);
                first = ref Unsafe.Add(ref first, TLanes.Count);
                second = ref Unsafe.Add(ref second, TLanes.Count);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Step(int vector, in TRule rule, TLanes a, ref float delta, ref float parameters, ref float first, ref float second)
        {
            var index = vector * TLanes.Count;
            TLanes.Store(rule.Next(TLanes.Load(in parameters, index), a * TLanes.Load(in delta, index), ref first, ref second, index), ref parameters, index);
        }
    }

    // Rows of narrow layers are multiples of 4 floats only: the last few go through the shortest vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunWhole<TUpdate, TLanes>(ref TUpdate rule, ref float parameters, ref float gradient, int offset, int count)
        where TUpdate : struct, IElementwiseUpdate
        where TLanes : struct, ILanes<TLanes>
    {
        int whole = count & -TLanes.Count;
        RunRow<TUpdate, TLanes>(ref rule, ref parameters, ref gradient, offset, whole);
        if (whole < count)
            RunRow<TUpdate, Lanes128>(ref rule, ref Unsafe.Add(ref parameters, whole), ref Unsafe.Add(ref gradient, whole), offset + whole, count - whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunRow<TUpdate, TLanes>(ref TUpdate rule, ref float parameters, ref float gradient, int offset, int count)
        where TUpdate : struct, IElementwiseUpdate
        where TLanes : struct, ILanes<TLanes>
    {
        var one = 1f;
        rule.Update<TLanes>(ref parameters, offset, new OuterProduct(ref one, 1, ref gradient, count));
    }
}
