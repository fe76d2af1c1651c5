using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backprop.Kernels;

/// <summary>
/// What the members of a generated network do: they check their arguments, provide scratch memory, cut batches into slices, and
/// call the kernels. Exceptions are those that <see cref="INetwork{TSelf}"/> documents.
/// </summary>
/// <typeparam name="TKernels">The network's sizes and kernels.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class NetworkPasses<TKernels> where TKernels : struct, INetworkKernels
{
    // Implementation notes
    //
    // - Sizes are constants by the time that code is generated, and so branches on them are none.
    // - Scratch is a stackalloc of constant length. That is not zeroed here, which took a quarter of a batch's forward pass through
    //   2-2-1: kernels never count on it (SkipLocalsInit; in emitted code it would ask for AllowUnsafeBlocks in the user's project).
    //   A method with one is never inlined, so that what needs none has a method without.

    /// <summary>How the parameters of each layer lie, or would, along its units.</summary>
    public static readonly PanelLayout[] Layouts = PackedParameters.Layouts(TKernels.Specification);

    private static readonly PackedParameters s_packed = new(TKernels.Specification, TKernels.LastAlongInputs);

    /// <summary>Replaces the parameters.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="source">[parameters], canonical order.</param>
    public static void LoadParameters(ref float parameters, ReadOnlySpan<float> source)
    {
        ArgumentGuard.Exact(source.Length, TKernels.ParameterCount, nameof(source));
        s_packed.Pack(source, ref parameters);
    }

    /// <summary>Copies the parameters.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="destination">[parameters], canonical order; overwritten.</param>
    public static void CopyParametersTo(ref float parameters, Span<float> destination)
    {
        ArgumentGuard.Exact(destination.Length, TKernels.ParameterCount, nameof(destination));
        s_packed.Unpack(in parameters, destination);
    }

    /// <summary>Computes outputs.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="outputs">[samples, outputs]; overwritten.</param>
    [MethodImpl(JitOptions.Inlined)]
    public static void Forward(ref float parameters, ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        // One sample goes ahead of all that is there for several: in a network of a few nanoseconds the checks alone are a tenth.
        if (inputs.Length == TKernels.InputSize && outputs.Length == TKernels.OutputSize)
        {
            ArgumentGuard.NoOverlap(inputs, outputs, nameof(outputs));
            if (TKernels.ForwardOneScratch == 0)
                TKernels.ForwardOne(ref parameters, ref First(inputs), ref First(outputs), ref Unsafe.NullRef<float>());
            else
                ForwardOne(ref parameters, ref First(inputs), ref First(outputs));
        }
        else
        {
            ForwardSamples(ref parameters, inputs, outputs);
        }
    }

    /// <summary>Computes the mean loss.</summary>
    /// <param name="parameters">The first parameter, in the network's own order.</param>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="targets">[samples, outputs].</param>
    [MethodImpl(JitOptions.Inlined)]
    public static float ComputeLoss(ref float parameters, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        int samples = Samples(inputs, targets);
        return Scale(samples) * (samples < TKernels.OneByOneBelow
            ? LossEach(ref parameters, ref First(inputs), ref First(targets), samples)
            : LossSlices(ref parameters, ref First(inputs), ref First(targets), samples));
    }

    /// <summary>What the sum of a batch's losses, and its δ, are multiplied by.</summary>
    /// <param name="samples">The samples.</param>
    [MethodImpl(JitOptions.Inlined)]
    public static float Scale(int samples) => 1f / ((float)samples * TKernels.LossDivisor);

    [MethodImpl(JitOptions.Kernel)]
    private static void ForwardSamples(ref float parameters, ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        int samples = ArgumentGuard.Samples(inputs.Length, TKernels.InputSize);
        ArgumentGuard.PerSample(outputs.Length, samples, TKernels.OutputSize, nameof(outputs));
        ArgumentGuard.NoOverlap(inputs, outputs, nameof(outputs));
        ref float x = ref First(inputs), y = ref First(outputs);
        if (samples > TKernels.SliceSize)
        {
            ForwardSlices(ref parameters, ref x, ref y, samples);
        }
        else if (samples >= TKernels.OneByOneBelow)
        {
            ForwardSlice(ref parameters, ref x, ref y, samples);
        }
        else if (TKernels.ForwardOneScratch == 0)
        {
            for (int s = 0; s < samples; s++)
                TKernels.ForwardOne(ref parameters, ref Inputs(ref x, s), ref Outputs(ref y, s), ref Unsafe.NullRef<float>());
        }
        else
        {
            ForwardEach(ref parameters, ref x, ref y, samples);
        }
    }

    // Without ForwardEach's loop, for which six registers are saved (64-32-10: 2 ns of 77).
    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static void ForwardOne(ref float parameters, ref float x, ref float y)
    {
        AlignedBuffer? rented = Rent(TKernels.ForwardOneScratch);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(TKernels.ForwardOneScratch)]);
        TKernels.ForwardOne(ref parameters, ref x, ref y, ref scratch);
        Return(rented);
    }

    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static void ForwardEach(ref float parameters, ref float x, ref float y, int samples)
    {
        AlignedBuffer? rented = Rent(TKernels.ForwardOneScratch);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(TKernels.ForwardOneScratch)]);
        for (int s = 0; s < samples; s++)
            TKernels.ForwardOne(ref parameters, ref Inputs(ref x, s), ref Outputs(ref y, s), ref scratch);
        Return(rented);
    }

    // Without the loop over slices, and their size, which takes a division.
    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static void ForwardSlice(ref float parameters, ref float x, ref float y, int samples)
    {
        AlignedBuffer? rented = Rent(TKernels.ForwardScratch);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(TKernels.ForwardScratch)]);
        TKernels.ForwardBatch(ref parameters, ref x, ref y, samples, ref scratch);
        Return(rented);
    }

    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static void ForwardSlices(ref float parameters, ref float x, ref float y, int samples)
    {
        AlignedBuffer? rented = Rent(TKernels.ForwardScratch);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(TKernels.ForwardScratch)]);
        var slices = Slices.Of(samples, TKernels.SliceSize, TKernels.ForwardFillsSlices);
        for (int first = 0, count; first < samples; first += count)
        {
            count = slices.LengthFrom(first);
            ref float xs = ref Inputs(ref x, first), ys = ref Outputs(ref y, first);
            if (count < TKernels.OneByOneBelow)
                ForwardEach(ref parameters, ref xs, ref ys, count);
            else
                TKernels.ForwardBatch(ref parameters, ref xs, ref ys, count, ref scratch);
        }

        Return(rented);
    }

    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static float LossEach(ref float parameters, ref float x, ref float t, int samples)
    {
        AlignedBuffer? rented = Rent(TKernels.ForwardOneScratch);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(TKernels.ForwardOneScratch)]);
        float loss = 0f;
        for (int s = 0; s < samples; s++)
            loss += TKernels.LossOne(ref parameters, ref Inputs(ref x, s), ref Outputs(ref t, s), ref scratch);
        Return(rented);
        return loss;
    }

    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    private static float LossSlices(ref float parameters, ref float x, ref float t, int samples)
    {
        AlignedBuffer? rented = Rent(TKernels.ForwardScratch);
        ref float scratch = ref Scratch(rented, stackalloc float[OnStack(TKernels.ForwardScratch)]);
        var slices = Slices.Of(samples, TKernels.SliceSize, TKernels.ForwardFillsSlices);
        float loss = 0f;
        for (int first = 0, count; first < samples; first += count)
        {
            count = slices.LengthFrom(first);
            ref float xs = ref Inputs(ref x, first), ts = ref Outputs(ref t, first);
            loss += count < TKernels.OneByOneBelow
                ? LossEach(ref parameters, ref xs, ref ts, count)
                : TKernels.LossBatch(ref parameters, ref xs, ref ts, count, ref scratch);
        }

        Return(rented);
        return loss;
    }

    [MethodImpl(JitOptions.Inlined)]
    private static int Samples(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        int samples = ArgumentGuard.Samples(inputs.Length, TKernels.InputSize);
        ArgumentGuard.PerSample(targets.Length, samples, TKernels.OutputSize, nameof(targets));
        return samples;
    }

    [MethodImpl(JitOptions.Inlined)]
    private static ref float First(ReadOnlySpan<float> values) => ref MemoryMarshal.GetReference(values);

    // A sample's inputs. In bytes a batch may be more than an int can count, in floats not.
    [MethodImpl(JitOptions.Inlined)]
    private static ref float Inputs(ref float x, int sample) => ref Unsafe.Add(ref x, sample * TKernels.InputSize);

    [MethodImpl(JitOptions.Inlined)]
    private static ref float Outputs(ref float y, int sample) => ref Unsafe.Add(ref y, sample * TKernels.OutputSize);
}
