using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop;

/// <summary>
/// Cuts each epoch into mini-batches. Samples that do not lie side by side are gathered into a buffer that is allocated
/// once; single samples, and those of <see cref="Sampling.Sequential"/>, are read where they lie.
/// </summary>
internal sealed class MiniBatches : IDividedWork
{
    /// <summary>The samples that one thread gathers at a time.</summary>
    private const int SamplesPerPiece = 32;

    private readonly Dataset _data;
    private readonly Sampling _sampling;
    private readonly int _batchSize;
    private readonly RandomSource _random;
    private readonly int[] _order;

    // Null where samples are read where they lie.
    private readonly AlignedBuffer? _inputs, _targets;
    private readonly WorkerGroup? _workers;
    private ArraySegment<int> _gathered;

    /// <summary>The mini-batches of a data set.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="options">Batch size, order and seed.</param>
    /// <param name="workers">The threads that gather samples; the calling one alone where null.</param>
    public MiniBatches(Dataset data, TrainingOptions options, WorkerGroup? workers)
    {
        _workers = workers;
        _data = data;
        _sampling = options.Sampling;
        _batchSize = Math.Min(options.BatchSize, data.Count);
        _random = new RandomSource(options.Seed);
        _order = [.. Enumerable.Range(0, data.Count)];
        if (_sampling == Sampling.Sequential || _batchSize == 1)
            return;
        _inputs = new AlignedBuffer(_batchSize * data.InputSize);
        _targets = new AlignedBuffer(_batchSize * data.OutputSize);
    }

    /// <summary>The number of steps in an epoch.</summary>
    public int Steps => (_data.Count + _batchSize - 1) / _batchSize;

    /// <summary>Chooses the order of the next epoch.</summary>
    [MethodImpl(JitOptions.Optimized)]
    public void BeginEpoch()
    {
        if (_sampling == Sampling.Shuffle)
            Shuffling.Shuffle(_order, _random);
        else if (_sampling == Sampling.WithReplacement)
            for (int i = 0; i < _order.Length; i++)
                _order[i] = _random.NextBelow(_order.Length);
    }

    /// <summary>The samples of a step; valid until the next call.</summary>
    /// <param name="step">The step, from 0.</param>
    [MethodImpl(JitOptions.Inlined)]
    public SampleSpan Get(int step)
    {
        int first = step * _batchSize, count = Math.Min(_batchSize, _data.Count - first);
        if (_inputs is null)
            return SampleSpan.Of(_data, _order[first], count);
        Gather(first, count);
        return new SampleSpan(_inputs.Span[..(count * _data.InputSize)], _targets!.Span[..(count * _data.OutputSize)], count);
    }

    [MethodImpl(JitOptions.Kernel)]
    private void Gather(int first, int count)
    {
        _gathered = new ArraySegment<int>(_order, first, count);
        if (_workers is null)
            GatherPiece(0, count);
        else
            _workers.Run(this, (count + SamplesPerPiece - 1) / SamplesPerPiece);
    }

    /// <inheritdoc/>
    void IDividedWork.Do(int piece, int worker) =>
        GatherPiece(piece * SamplesPerPiece, Math.Min((piece + 1) * SamplesPerPiece, _gathered.Count));

    private void GatherPiece(int first, int end)
    {
        ReadOnlySpan<int> samples = _gathered.AsSpan(first..end);
        Gathering.Gather(_data.Inputs, _data.InputSize, samples, _inputs!.Span[(first * _data.InputSize)..]);
        Gathering.Gather(_data.Targets, _data.OutputSize, samples, _targets!.Span[(first * _data.OutputSize)..]);
    }
}
