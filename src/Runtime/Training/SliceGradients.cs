using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop;

/// <summary>The gradients of some consecutive slices of a batch, each into a buffer of its own.</summary>
/// <param name="source">The network.</param>
/// <param name="inputSize">The inputs of one sample.</param>
/// <param name="outputSize">The outputs of one sample.</param>
/// <param name="gradients">The buffers, one for each slice.</param>
/// <param name="workers">The number of workers.</param>
internal sealed unsafe class SliceGradients(
    IGradientSource source, int inputSize, int outputSize, AlignedBuffer[] gradients, int workers) : IDividedWork
{
    // Of the workers' own and not of a pool, which grows only when it has to: that may be at any step.
    private readonly AlignedBuffer[] _scratch = AlignedBuffer.Allocate(workers, source.ScratchLength);
    private readonly float[] _losses = new float[gradients.Length];
    private float* _inputs;
    private float* _targets;
    private Slices _cut;
    private float _scale;

    /// <summary>The first slice of the batch that is worked on; piece 0.</summary>
    public int First { get; set; }

    /// <summary>The sum of a slice's losses, still to be multiplied by the scale.</summary>
    /// <param name="piece">The slice, from <see cref="First"/>.</param>
    public float Loss(int piece) => _losses[piece];

    /// <summary>Sets the batch; its memory must stay where it is until the work is done.</summary>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="targets">[samples, outputs].</param>
    /// <param name="slices">How it is cut.</param>
    /// <param name="scale">What losses are multiplied by.</param>
    public void SetBatch(float* inputs, float* targets, Slices slices, float scale)
    {
        _inputs = inputs;
        _targets = targets;
        _cut = slices;
        _scale = scale;
    }

    /// <inheritdoc/>
    public void Do(int piece, int worker)
    {
        int sample = _cut.Start(First + piece);
        _losses[piece] = source.StoreGradient(
            ref Unsafe.AsRef<float>(_inputs + (nint)sample * inputSize), ref Unsafe.AsRef<float>(_targets + (nint)sample * outputSize),
            _cut.LengthFrom(sample), _scale, ref gradients[piece].Reference, ref _scratch[worker].Reference);
    }
}
