using System.ComponentModel;
using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>A block of gradient: as much as a product hands to its sink at once.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GradientBlock
{
    /// <summary>The most floats in a block: 16 rows of the widest panel.</summary>
    public const int MaxLength = PanelLayout.MaxBlockLength;

    /// <summary>Hands a whole gradient to a sink: what the products do with theirs where it had to be summed over parts of a batch first.</summary>
    /// <typeparam name="TSink">The sink.</typeparam>
    /// <param name="gradient">The first float of the gradient, in the order of the parameter buffer.</param>
    /// <param name="factor">What it is multiplied by.</param>
    /// <param name="target">The first float of the buffer that the sink writes.</param>
    /// <param name="length">The floats of both; a multiple of 16.</param>
    /// <param name="sink">The sink.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TSink>(ref float gradient, float factor, ref float target, int length, ref TSink sink)
        where TSink : struct, IGradientSink
    {
        for (int offset = 0; offset < length; offset += MaxLength)
        {
            int count = Math.Min(MaxLength, length - offset);
            ref float from = ref Unsafe.Add(ref gradient, offset);
            ref float block = ref Unsafe.Add(ref target, offset);
            for (int index = 0; index < count; index += Lanes512.Count)
                sink.Accept(ref block, index, Lanes512.Load(in from, index) * Lanes512.Create(factor));
            sink.Complete(ref block, offset, count);
        }
    }
}
