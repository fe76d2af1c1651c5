using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backprop.Kernels;

// Gradients of a few samples, which go through the network one by one.
public static partial class NetworkPasses<TKernels>
{
    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static float TrainEach<TSink>(ref float parameters, ref float x, ref float t, int samples, ref TSink sink) where TSink : struct, IGradientSink
    {
        int length = TKernels.GradientOneScratch + TKernels.ParameterLength;
        AlignedBuffer? rented = Rent(length);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(length)]);
        ref float gradient = ref Unsafe.Add(ref scratch, TKernels.GradientOneScratch);
        float loss = GradientEach(ref parameters, ref x, ref t, samples, ref gradient, ref Unsafe.NullRef<float>(), ref scratch);
        GradientBlock.Apply(ref gradient, 1f / samples, ref parameters, TKernels.ParameterLength, ref sink);
        Return(rented);
        return loss;
    }

    [MethodImpl(JitOptions.Kernel)]
    private static float StoreEach(ref float parameters, ref float x, ref float t, int samples, float scale, ref float gradient, ref float dx, ref float scratch)
    {
        float loss = GradientEach(ref parameters, ref x, ref t, samples, ref gradient, ref dx, ref scratch);
        float factor = scale * TKernels.LossDivisor; // by which the loss of a single sample has been divided
        var store = new GradientStore();
        GradientBlock.Apply(ref gradient, factor, ref gradient, TKernels.ParameterLength, ref store);
        Multiply(ref dx, samples, factor);
        return loss;
    }

    // The sum of a few gradients, sample by sample. What lies between layers is handed over with it.
    [MethodImpl(JitOptions.Inlined)]
    private static float GradientEach(ref float parameters, ref float x, ref float t, int samples, ref float gradient, ref float dx, ref float scratch)
    {
        TKernels.ClearGaps(ref gradient);
        var store = new GradientStore();
        float loss = TKernels.GradientOne(ref parameters, ref x, ref t, ref gradient, ref store, ref dx, ref scratch);
        var sum = new GradientAccumulate();
        for (int s = 1; s < samples; s++)
            loss += TKernels.GradientOne(ref parameters, ref Inputs(ref x, s), ref Outputs(ref t, s), ref gradient, ref sum, ref InputsIfAny(ref dx, s), ref scratch);
        return loss;
    }

    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static float TrainPair<TSink>(ref float parameters, ref float x, ref float t, ref TSink sink) where TSink : struct, IGradientSink
    {
        int length = 2 * TKernels.GradientOneScratch + TKernels.ParameterLength;
        AlignedBuffer? rented = Rent(length);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(length)]);
        ref float sum = ref Unsafe.Add(ref scratch, 2 * TKernels.GradientOneScratch);
        var update = new PairUpdate<TSink>(sink, Pair, Unsafe.ByteOffset(ref parameters, ref sum));
        float loss = GradientPair(ref parameters, ref x, ref t, ref sum, ref parameters, ref update, ref Unsafe.NullRef<float>(), ref scratch);
        sink = update.Sink;
        Return(rented);
        return loss;
    }

    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static unsafe float BackwardPair(ref float parameters, ref float x, ref float t, Span<float> destination, ref float dx)
    {
        int length = 2 * TKernels.GradientOneScratch + TKernels.ParameterLength;
        AlignedBuffer? rented = Rent(length);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(length)]);
        ref float gradient = ref Unsafe.Add(ref scratch, 2 * TKernels.GradientOneScratch);
        fixed (float* canonical = destination)
        {
            var products = new CanonicalProducts<Two>(s_packed, canonical, Pair);
            float loss = GradientPair(ref parameters, ref x, ref t, ref gradient, ref gradient, ref products, ref dx, ref scratch);
            Complete(products, ref gradient, destination);
            Return(rented);
            return loss;
        }
    }

    // Two samples go through the network one after the other. What of the first one's gradient is not left to the second goes into a buffer.
    [MethodImpl(JitOptions.Inlined)]
    private static float GradientPair<TSink>(
        ref float parameters, ref float x, ref float t, ref float kept, ref float target, ref TSink sink, ref float dx, ref float scratch) where TSink : struct, IGradientSink
    {
        var first = new FirstOfPair(sink.Factor);
        float loss = TKernels.GradientOne(ref parameters, ref x, ref t, ref kept, ref first, ref dx, ref scratch);
        return loss + TKernels.GradientOne(
            ref parameters, ref Inputs(ref x, 1), ref Outputs(ref t, 1), ref target, ref sink, ref InputsIfAny(ref dx, 1), ref Unsafe.Add(ref scratch, TKernels.GradientOneScratch));
    }

    private static SamplePair Pair
    {
        [MethodImpl(JitOptions.Inlined)]
        get => new(TKernels.InputSize, TKernels.GradientOneScratch, s_packed.FirstLength);
    }

    // What single samples have left of the gradient by the inputs of each is to be that of the mean loss of all. dx may be a null reference.
    [MethodImpl(JitOptions.Kernel)]
    private static void Multiply(ref float dx, int samples, float factor)
    {
        if (Unsafe.IsNullRef(ref dx))
            return;
        Span<float> values = MemoryMarshal.CreateSpan(ref dx, samples * TKernels.InputSize);
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (ref Vector<float> vector in vectors)
            vector *= factor;
        foreach (ref float value in values[(vectors.Length * Vector<float>.Count)..])
            value *= factor;
    }
}
