using Backprop.Kernels;

namespace Backprop;

/// <summary>
/// The training steps of one network on several threads, and their memory. A batch is cut into the network's own slices and
/// done in rounds of a few of them: the gradient of each slice is formed by one thread, in a buffer of its own; then the
/// buffers are summed in the order of the slices, each part of the parameters by one thread. So each float goes through the
/// additions of the network's own step, in their order.
/// </summary>
internal sealed class ParallelStep
{
    /// <summary>Two slices for each worker: the second time round, who is faster takes more.</summary>
    private const int SlicesPerWorker = 2;

    private readonly IGradientSource _source;
    private readonly WorkerGroup _workers;
    private readonly SliceGradients _slices;

    // The sum of the rounds before, then the gradient of each slice of the round.
    private readonly AlignedBuffer[] _gradients;
    private readonly GradientSum<GradientStore> _carry;
    private readonly AlignedBuffer[] _blocks;
    private IDividedWork? _update;

    /// <summary>Allocates the memory of a network's steps.</summary>
    /// <param name="source">The network.</param>
    /// <param name="inputSize">The inputs of one sample.</param>
    /// <param name="outputSize">The outputs of one sample.</param>
    /// <param name="workers">The threads.</param>
    public ParallelStep(IGradientSource source, int inputSize, int outputSize, WorkerGroup workers)
    {
        (_source, _workers) = (source, workers);
        _gradients = AlignedBuffer.Allocate(1 + SlicesPerWorker * workers.Count, source.Parameters.Length);
        _carry = new GradientSum<GradientStore>(_gradients[0], new GradientStore[workers.Count]);
        _slices = new SliceGradients(source, inputSize, outputSize, _gradients[1..], workers.Count);
        _blocks = AlignedBuffer.Allocate(workers.Count, GradientBlock.MaxLength);
    }

    /// <summary>One step of plain stochastic gradient descent.</summary>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="targets">[samples, outputs].</param>
    /// <param name="samples">The samples.</param>
    /// <param name="learningRate">η.</param>
    /// <returns>The mean loss.</returns>
    public float Run(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int samples, float learningRate) =>
        RunPlainly(inputs, targets, samples, new SgdUpdate(learningRate));

    /// <summary>One step of an optimizer, after its <see cref="IOptimizer.BeginStep"/>.</summary>
    /// <typeparam name="TOptimizer">The optimizer's type.</typeparam>
    /// <param name="inputs">[samples, inputs].</param>
    /// <param name="targets">[samples, outputs].</param>
    /// <param name="samples">The samples.</param>
    /// <param name="optimizer">The optimizer; each worker works with a copy.</param>
    /// <returns>The mean loss.</returns>
    public float Run<TOptimizer>(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int samples, in TOptimizer optimizer)
        where TOptimizer : struct, IOptimizer
    {
        TOptimizer copy = optimizer;
        if (SgdUpdate.IsAllOf(ref copy, out SgdUpdate plain))
            return RunPlainly(inputs, targets, samples, plain); // as the network's own step: by the optimizer, last bits would differ
        GradientSum<OptimizerUpdate<TOptimizer>> update = Update<OptimizerUpdate<TOptimizer>>();
        for (int worker = 0; worker < _blocks.Length; worker++)
            update.Sinks[worker] = new OptimizerUpdate<TOptimizer>(optimizer, _blocks[worker]);
        return Run(inputs, targets, samples, update);
    }

    private float RunPlainly(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int samples, SgdUpdate sink)
    {
        GradientSum<SgdUpdate> update = Update<SgdUpdate>();
        update.Sinks.Fill(sink);
        return Run(inputs, targets, samples, update);
    }

    private GradientSum<TSink> Update<TSink>() where TSink : struct, IGradientSink
    {
        if (_update is not GradientSum<TSink> update)
            _update = update = new GradientSum<TSink>(_source.Parameters, new TSink[_workers.Count]);
        return update;
    }

    private unsafe float Run<TSink>(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int samples, GradientSum<TSink> update)
        where TSink : struct, IGradientSink
    {
        var slices = Slices.Of(samples, _source.SliceSize, _source.FillsSlices);
        int count = slices.Count;
        float scale = _source.LossScale(samples), loss = 0;
        fixed (float* x = inputs, t = targets)
        {
            _slices.SetBatch(x, t, slices, scale);
            for (int first = 0; first < count;)
            {
                int round = Math.Min(_gradients.Length - 1, count - first);
                _slices.First = first;
                _workers.Run(_slices, round);
                for (int piece = 0; piece < round; piece++)
                    loss += _slices.Loss(piece);

                ArraySegment<AlignedBuffer> terms = first == 0 ? new(_gradients, 1, round) : new(_gradients, 0, 1 + round);
                first += round;
                if (first < count)
                    _carry.Run(_workers, terms);
                else
                    update.Run(_workers, terms);
            }
        }
        return loss * scale;
    }
}
