using System.Runtime.CompilerServices;
using Backprop.Kernels;
using Backprop.Numerics;

namespace Backprop;

/// <summary>
/// The sum of several gradients, handed to a sink. Every element is summed in the order of the gradients, whichever thread
/// does it, so that the sum does not depend on the threads.
/// </summary>
/// <typeparam name="TSink">The sink.</typeparam>
/// <param name="target">The buffer that the sink writes; as long as the gradients.</param>
/// <param name="sinks">A sink for each worker.</param>
internal sealed class GradientSum<TSink>(AlignedBuffer target, TSink[] sinks) : IDividedWork
    where TSink : struct, IGradientSink
{
    /// <summary>The floats of a piece: enough that taking one costs little beside it.</summary>
    private const int PieceLength = 8 * GradientBlock.MaxLength;

    private ArraySegment<AlignedBuffer> _gradients;

    /// <summary>The sink of each worker; to be set before each sum where it changes.</summary>
    public Span<TSink> Sinks => sinks;

    /// <summary>Sums gradients.</summary>
    /// <param name="workers">Who does it.</param>
    /// <param name="gradients">The gradients; the target may be among them.</param>
    public void Run(WorkerGroup workers, ArraySegment<AlignedBuffer> gradients)
    {
        _gradients = gradients;
        workers.Run(this, (target.Length + PieceLength - 1) / PieceLength);
    }

    /// <inheritdoc/>
    void IDividedWork.Do(int piece, int worker)
    {
        int end = Math.Min((piece + 1) * PieceLength, target.Length);
        for (int offset = piece * PieceLength; offset < end; offset += GradientBlock.MaxLength)
            SumBlock(_gradients, offset, Math.Min(GradientBlock.MaxLength, end - offset), ref target.Reference, ref sinks[worker]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumBlock(ReadOnlySpan<AlignedBuffer> gradients, int offset, int count, ref float target, ref TSink sink)
    {
        ref float block = ref Unsafe.Add(ref target, offset);
        for (int index = 0; index < count; index += Lanes512.Count)
        {
            // From 0 on, as in a network's own step.
            var sum = Lanes512.Create(0f);
            foreach (AlignedBuffer gradient in gradients)
                sum += Lanes512.Load(in gradient.Reference, offset + index);
            sink.Accept(ref block, index, sum);
        }
        sink.Complete(ref block, offset, count);
    }
}
