using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

public static partial class NetworkPasses<TKernels>
{
    /// <summary>One step of plain stochastic gradient descent.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="targets">[samples, outputs].</param>
    /// <param name="learningRate">η.</param>
    /// <returns>The mean loss.</returns>
    [MethodImpl(JitOptions.Inlined)]
    public static float TrainStep(ref float parameters, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, float learningRate)
    {
        int samples = Samples(inputs, targets);
        ArgumentGuard.LearningRate(learningRate);
        var sink = new SgdUpdate(learningRate);
        return Train(ref parameters, ref First(inputs), ref First(targets), samples, ref sink);
    }

    /// <summary>One step of an optimizer.</summary>
    /// <typeparam name="TOptimizer">The optimizer's type.</typeparam>
    /// <param name="network">The network, which the optimizer's state belongs to.</param>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="gradientBlock">A buffer of <see cref="GradientBlock.MaxLength"/> floats, for the gradient on its way to the optimizer.</param>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="targets">[samples, outputs].</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <returns>The mean loss.</returns>
    [MethodImpl(JitOptions.Inlined)]
    public static float TrainStep<TOptimizer>(
        object network, ref float parameters, AlignedBuffer gradientBlock, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ref TOptimizer optimizer)
        where TOptimizer : struct, IOptimizer
    {
        int samples = Samples(inputs, targets);
        optimizer.BeginStep(network, TKernels.ParameterLength);
        if (SgdUpdate.IsAllOf(ref optimizer, out SgdUpdate plain))
            return Train(ref parameters, ref First(inputs), ref First(targets), samples, ref plain);
        var sink = new OptimizerUpdate<TOptimizer>(optimizer, gradientBlock);
        float loss = Train(ref parameters, ref First(inputs), ref First(targets), samples, ref sink);
        optimizer = sink.Optimizer;
        return loss;
    }

    /// <summary>Computes the gradient of the mean loss.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="targets">[samples, outputs].</param>
    /// <param name="gradient">[parameters], canonical order; overwritten.</param>
    /// <returns>The mean loss.</returns>
    [MethodImpl(JitOptions.Inlined)]
    public static float Backward(ref float parameters, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient)
    {
        int samples = Samples(inputs, targets);
        CheckGradient(inputs, targets, gradient);
        return Backward(ref parameters, ref First(inputs), ref First(targets), samples, gradient, ref Unsafe.NullRef<float>());
    }

    /// <summary>Computes the gradient of the mean loss by the parameters and by the inputs.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="targets">[samples, outputs].</param>
    /// <param name="gradient">[parameters], canonical order; overwritten.</param>
    /// <param name="inputGradient">[samples, inputs]; overwritten.</param>
    /// <returns>The mean loss.</returns>
    [MethodImpl(JitOptions.Inlined)]
    public static float Backward(
        ref float parameters, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient, Span<float> inputGradient)
    {
        int samples = Samples(inputs, targets);
        ArgumentGuard.PerSample(inputGradient.Length, samples, TKernels.InputSize, nameof(inputGradient));
        CheckGradient(inputs, targets, gradient);
        ArgumentGuard.NoOverlap(inputs, inputGradient, nameof(inputGradient));
        ArgumentGuard.NoOverlap(targets, inputGradient, nameof(inputGradient));
        ArgumentGuard.NoOverlap<float>(gradient, inputGradient, nameof(inputGradient));
        return Backward(ref parameters, ref First(inputs), ref First(targets), samples, gradient, ref First(inputGradient));
    }

    /// <summary>Computes the gradient of one slice; see <see cref="IGradientSource.StoreGradient"/>.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="x">The first input.</param>
    /// <param name="t">The first target.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    /// <param name="gradient">The first float of the gradient; overwritten, but for padding between layers.</param>
    /// <param name="scratch">The first float of the scratch memory.</param>
    /// <returns>The sum of the losses.</returns>
    [MethodImpl(JitOptions.Inlined)]
    public static float StoreGradient(ref float parameters, ref float x, ref float t, int samples, float scale, ref float gradient, ref float scratch) =>
        TKernels.GradientFillsSlices
            ? StoreFirst(ref parameters, ref x, ref t, samples, scale, ref gradient, ref Unsafe.NullRef<float>(), ref scratch)
            : StoreBatch(ref parameters, ref x, ref t, samples, scale, ref gradient, ref Unsafe.NullRef<float>(), ref scratch);

    [MethodImpl(JitOptions.Inlined)]
    private static void CheckGradient(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient)
    {
        ArgumentGuard.Exact(gradient.Length, TKernels.ParameterCount, nameof(gradient));
        ArgumentGuard.NoOverlap(inputs, gradient, nameof(gradient));
        ArgumentGuard.NoOverlap(targets, gradient, nameof(gradient));
    }

    // The gradient goes straight into the parameters; or, where it is a sum over samples or slices, into them in the end, since all
    // must see the same parameters.
    [MethodImpl(JitOptions.Inlined)]
    private static float Train<TSink>(ref float parameters, ref float x, ref float t, int samples, ref TSink sink) where TSink : struct, IGradientSink
    {
        if (samples == 1)
        {
            return Scale(1) * (TKernels.GradientOneScratch == 0
                ? TKernels.GradientOne(ref parameters, ref x, ref t, ref parameters, ref sink, ref Unsafe.NullRef<float>(), ref Unsafe.NullRef<float>())
                : TrainOne(ref parameters, ref x, ref t, ref sink));
        }

        float scale = Scale(samples);
        if (TKernels.GradientPairsOneByOne && samples == 2)
            return scale * TrainPair(ref parameters, ref x, ref t, ref sink);
        return scale * (samples < TKernels.GradientOneByOneBelow ? TrainEach(ref parameters, ref x, ref t, samples, ref sink)
            : samples <= TKernels.SliceSize ? TrainSlice(ref parameters, ref x, ref t, samples, scale, ref sink)
            : TrainSlices(ref parameters, ref x, ref t, samples, scale, ref sink));
    }

    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static float TrainOne<TSink>(ref float parameters, ref float x, ref float t, ref TSink sink) where TSink : struct, IGradientSink
    {
        AlignedBuffer? rented = Rent(TKernels.GradientOneScratch);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(TKernels.GradientOneScratch)]);
        float loss = TKernels.GradientOne(ref parameters, ref x, ref t, ref parameters, ref sink, ref Unsafe.NullRef<float>(), ref scratch);
        Return(rented);
        return loss;
    }

    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static float TrainSlice<TSink>(ref float parameters, ref float x, ref float t, int samples, float scale, ref TSink sink) where TSink : struct, IGradientSink
    {
        AlignedBuffer? rented = Rent(TKernels.GradientScratch);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(TKernels.GradientScratch)]);
        float loss = TKernels.GradientBatch(ref parameters, ref x, ref t, samples, scale, ref parameters, ref sink, ref Unsafe.NullRef<float>(), ref scratch);
        Return(rented);
        return loss;
    }

    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static float TrainSlices<TSink>(ref float parameters, ref float x, ref float t, int samples, float scale, ref TSink sink) where TSink : struct, IGradientSink
    {
        int length = TKernels.GradientScratch + TKernels.ParameterLength;
        AlignedBuffer? rented = Rent(length);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(length)]);
        ref float gradient = ref Unsafe.Add(ref scratch, TKernels.GradientScratch);
        Slices slices = GradientSlices(samples);
        int last = slices.Start(slices.Count - 1);
        float loss = SumGradient(ref parameters, ref x, ref t, last, slices, scale, ref gradient, ref Unsafe.NullRef<float>(), ref scratch);
        var update = new SummedUpdate<TSink>(sink, Unsafe.ByteOffset(ref parameters, ref gradient));
        loss += TKernels.GradientBatch(
            ref parameters, ref Inputs(ref x, last), ref Outputs(ref t, last), samples - last, scale, ref parameters, ref update, ref Unsafe.NullRef<float>(), ref scratch);
        sink = update.Sink;
        Return(rented);
        return loss;
    }

    // dx may be a null reference.
    [MethodImpl(JitOptions.Inlined)]
    private static float Backward(ref float parameters, ref float x, ref float t, int samples, Span<float> gradient, ref float dx) =>
        Scale(samples) * (samples == 1 ? BackwardOne(ref parameters, ref x, ref t, gradient, ref dx)
            : TKernels.GradientPairsOneByOne && samples == 2 ? BackwardPair(ref parameters, ref x, ref t, gradient, ref dx)
            : BackwardSlices(ref parameters, ref x, ref t, samples, gradient, ref dx));

    // What comes as a product is written where it is wanted; the rest is formed in the parameters' own order, and copied out.
    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static unsafe float BackwardOne(ref float parameters, ref float x, ref float t, Span<float> destination, ref float dx)
    {
        int length = TKernels.GradientOneScratch + TKernels.ParameterLength;
        AlignedBuffer? rented = Rent(length);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(length)]);
        ref float gradient = ref Unsafe.Add(ref scratch, TKernels.GradientOneScratch);
        fixed (float* canonical = destination)
        {
            var products = new CanonicalProducts<One>(s_packed, canonical, pair: default);
            float loss = TKernels.GradientOne(ref parameters, ref x, ref t, ref gradient, ref products, ref dx, ref scratch);
            Complete(products, ref gradient, destination);
            Return(rented);
            return loss;
        }
    }

    [MethodImpl(JitOptions.Inlined)]
    private static void Complete<TSamples>(CanonicalProducts<TSamples> products, ref float gradient, Span<float> destination) where TSamples : struct, ICount
    {
        if (products.Taken)
            s_packed.UnpackRuns(in gradient, destination);
        else
            s_packed.Unpack(in gradient, destination);
    }

    [MethodImpl(JitOptions.Inlined)]
    private static ref float InputsIfAny(ref float dx, int sample) => ref Unsafe.IsNullRef(ref dx) ? ref dx : ref Inputs(ref dx, sample);

    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static float BackwardSlices(ref float parameters, ref float x, ref float t, int samples, Span<float> destination, ref float dx)
    {
        int length = TKernels.GradientScratch + TKernels.ParameterLength;
        AlignedBuffer? rented = Rent(length);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(length)]);
        ref float gradient = ref Unsafe.Add(ref scratch, TKernels.GradientScratch);
        float loss = SumGradient(ref parameters, ref x, ref t, samples, GradientSlices(samples), Scale(samples), ref gradient, ref dx, ref scratch);
        s_packed.Unpack(in gradient, destination);
        Return(rented);
        return loss;
    }

    // The gradient of some slices, of which there may be more, into one buffer.
    [MethodImpl(JitOptions.Inlined)]
    private static float SumGradient(ref float parameters, ref float x, ref float t, int samples, Slices slices, float scale, ref float gradient, ref float dx, ref float scratch)
    {
        int count = slices.LengthFrom(0);
        float loss = StoreFirst(ref parameters, ref x, ref t, count, scale, ref gradient, ref dx, ref scratch);
        var sum = new GradientAccumulate();
        for (int first = count; first < samples; first += count)
        {
            count = slices.LengthFrom(first);
            loss += TKernels.GradientBatch(
                ref parameters, ref Inputs(ref x, first), ref Outputs(ref t, first), count, scale, ref gradient, ref sum, ref InputsIfAny(ref dx, first), ref scratch);
        }

        return loss;
    }

    // The gradient of the first slice: in full slices it alone is of few samples. (Of even ones the last may be, which a step takes as it takes the others.)
    [MethodImpl(JitOptions.Inlined)]
    private static float StoreFirst(ref float parameters, ref float x, ref float t, int samples, float scale, ref float gradient, ref float dx, ref float scratch) =>
        samples < TKernels.GradientOneByOneBelow
            ? StoreEach(ref parameters, ref x, ref t, samples, scale, ref gradient, ref dx, ref scratch)
            : StoreBatch(ref parameters, ref x, ref t, samples, scale, ref gradient, ref dx, ref scratch);

    [MethodImpl(JitOptions.Inlined)]
    private static float StoreBatch(ref float parameters, ref float x, ref float t, int samples, float scale, ref float gradient, ref float dx, ref float scratch)
    {
        var store = new GradientStore();
        return TKernels.GradientBatch(ref parameters, ref x, ref t, samples, scale, ref gradient, ref store, ref dx, ref scratch);
    }

    [MethodImpl(JitOptions.Inlined)]
    private static Slices GradientSlices(int samples) => Slices.Of(samples, TKernels.SliceSize, TKernels.GradientFillsSlices);
}
