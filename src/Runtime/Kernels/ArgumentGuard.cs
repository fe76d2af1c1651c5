using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backprop.Kernels;

/// <summary>
/// The checks of arguments that every network makes before it writes anything. Each is a comparison or two, inlined; the
/// exceptions are built elsewhere.
/// </summary>
internal static class ArgumentGuard
{
    /// <summary>The number of samples in <c>inputs</c>.</summary>
    /// <param name="length">The length of <c>inputs</c>.</param>
    /// <param name="inputSize">The inputs of one sample.</param>
    /// <exception cref="ArgumentException">There is no sample, or the last one is incomplete.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Samples(int length, int inputSize)
    {
        int samples = (int)((uint)length / (uint)inputSize);
        if (samples == 0 || samples * inputSize != length)
            ThrowSamples(length, inputSize);
        return samples;
    }

    /// <summary>Requires <paramref name="samples"/> · <paramref name="size"/> values.</summary>
    /// <param name="length">The length of the argument.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="size">The values of one sample.</param>
    /// <param name="name">The argument's name.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PerSample(int length, int samples, int size, string name)
    {
        // In 64 bits: many samples of few inputs may have more outputs than an int can count.
        if (length != (long)samples * size)
            ThrowPerSample(length, samples, size, name);
    }

    /// <summary>Requires <paramref name="expected"/> values.</summary>
    /// <param name="length">The length of the argument.</param>
    /// <param name="expected">The length it must have.</param>
    /// <param name="name">The argument's name.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Exact(int length, int expected, string name)
    {
        if (length != expected)
            ThrowExact(length, expected, name);
    }

    /// <summary>Requires that what is written shares no memory with what is read: a network may write before it has read all.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="read">The argument that is read.</param>
    /// <param name="written">The argument that is written.</param>
    /// <param name="name">The name of the argument that is written.</param>
    /// <exception cref="ArgumentException">They overlap.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NoOverlap<T>(ReadOnlySpan<T> read, Span<T> written, string name)
    {
        // MemoryExtensions.Overlaps, which is not always inlined (measured: two samples of 2-2-1 28 → 22 ns).
        nint distance = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(read), ref MemoryMarshal.GetReference(written));
        if ((nuint)distance < (nuint)read.Length * (nuint)Unsafe.SizeOf<T>() || (nuint)(-distance) < (nuint)written.Length * (nuint)Unsafe.SizeOf<T>())
            ThrowOverlap(name);
    }

    /// <summary>Requires a learning rate that is finite and not negative.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LearningRate(double learningRate)
    {
        // One comparison that is false for NaN too.
        if (!(learningRate >= 0 && learningRate <= double.MaxValue))
            ThrowLearningRate(learningRate);
    }

    [DoesNotReturn]
    private static void ThrowSamples(int length, int inputSize) => throw new ArgumentException(
        $"A multiple of {inputSize} values (the inputs of one sample), at least {inputSize}, was expected; {length} were given.", "inputs");

    [DoesNotReturn]
    private static void ThrowPerSample(int length, int samples, int size, string name) => throw new ArgumentException(
        $"{(long)samples * size} values ({samples} samples of {size}) were expected; {length} were given.", name);

    [DoesNotReturn]
    private static void ThrowExact(int length, int expected, string name) => throw new ArgumentException(
        $"{expected} values were expected; {length} were given.", name);

    [DoesNotReturn]
    private static void ThrowOverlap(string name) => throw new ArgumentException(
        "It is written and must not overlap an argument that is read.", name);

    [DoesNotReturn]
    private static void ThrowLearningRate(double learningRate) => throw new ArgumentOutOfRangeException(
        nameof(learningRate), learningRate, "A learning rate is finite and not negative.");
}
