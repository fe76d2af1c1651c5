using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop;

/// <summary>
/// Threads that do training steps together. A step gives the same parameters and the same loss as the network's own
/// <see cref="INetwork{TSelf}.TrainStep(ReadOnlySpan{float}, ReadOnlySpan{float}, float)"/>, bit for bit, whatever the
/// number of threads. It pays where a slice of the batch (<see cref="NetworkSpec.BatchSize"/> samples) takes tens of microseconds
/// or more, and the batch has as many slices as there are threads, or several times as many.
/// </summary>
/// <remarks>
/// The threads are background threads; they sleep between steps, after a tenth of a millisecond of looking out for the next.
/// The first step of a network allocates its memory: for each thread, two gradients and the scratch memory of a slice. The
/// first step with another type of optimizer allocates a little; later ones nothing. One step at a time.
/// </remarks>
public sealed class TrainingThreads : IDisposable
{
    private readonly WorkerGroup _workers;
    private readonly ConditionalWeakTable<IGradientSource, ParallelStep> _steps = [];
    private int _busy;
    private bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">
    /// How many threads take part in a step, the calling thread included: <see cref="Environment.ProcessorCount"/> at most is sensible.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public TrainingThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _workers = new WorkerGroup(count);
    }

    /// <summary>How many threads take part in a step, the calling thread included.</summary>
    public int Count => _workers.Count;

    /// <summary>The threads.</summary>
    internal WorkerGroup Workers => _workers;

    /// <summary>One step of plain stochastic gradient descent, W ← W − η ∂C/∂W.</summary>
    /// <typeparam name="TNetwork">The network's type; one that was not generated does its step alone, on the calling thread.</typeparam>
    /// <param name="network">The network.</param>
    /// <param name="inputs">[samples, InputSize]. A batch of one slice is done on the calling thread.</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <param name="learningRate">η.</param>
    /// <returns>The mean loss of the parameters before the step.</returns>
    /// <exception cref="ArgumentException">A length is wrong, or there is no sample; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">Another step is running.</exception>
    /// <exception cref="ObjectDisposedException">The threads have been ended.</exception>
    public float TrainStep<TNetwork>(TNetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, float learningRate)
        where TNetwork : class, INetwork<TNetwork>
    {
        Enter(network);
        try
        {
            if (Divide(network, inputs.Length) is not { } source)
                return network.TrainStep(inputs, targets, learningRate);
            int samples = CheckSamples<TNetwork>(inputs, targets);
            ArgumentGuard.LearningRate(learningRate);
            return StepOf<TNetwork>(source).Run(inputs, targets, samples, learningRate);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>One step of an optimizer.</summary>
    /// <typeparam name="TNetwork">The network's type; one that was not generated does its step alone, on the calling thread.</typeparam>
    /// <typeparam name="TOptimizer">The optimizer's type.</typeparam>
    /// <param name="network">The network.</param>
    /// <param name="inputs">[samples, InputSize]. A batch of one slice is done on the calling thread.</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <param name="optimizer">The optimizer; its state belongs to this network from the first step on.</param>
    /// <returns>The mean loss of the parameters before the step.</returns>
    /// <exception cref="ArgumentException">A length is wrong, or there is no sample; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">Another step is running, or the optimizer has already been used on another network.</exception>
    /// <exception cref="ObjectDisposedException">The threads have been ended.</exception>
    public float TrainStep<TNetwork, TOptimizer>(
        TNetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ref TOptimizer optimizer)
        where TNetwork : class, INetwork<TNetwork>
        where TOptimizer : struct, IOptimizer
    {
        Enter(network);
        try
        {
            if (Divide(network, inputs.Length) is not { } source)
                return network.TrainStep(inputs, targets, ref optimizer);
            int samples = CheckSamples<TNetwork>(inputs, targets);
            optimizer.BeginStep(network, source.Parameters.Length);
            return StepOf<TNetwork>(source).Run(inputs, targets, samples, in optimizer);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Ends the threads. A step that is running is finished first.</summary>
    public void Dispose()
    {
        _disposed = true;
        _workers.Dispose();
    }

    private void Enter(object network)
    {
        ArgumentNullException.ThrowIfNull(network);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("Another step is running on these threads. They do one step at a time.");
    }

    /// <summary>The network, where its step is worth dividing and can be divided.</summary>
    private IGradientSource? Divide<TNetwork>(TNetwork network, int length) where TNetwork : class, INetwork<TNetwork> =>
        Count > 1 && network is IGradientSource source && length / TNetwork.InputSize > source.SliceSize ? source : null;

    private static int CheckSamples<TNetwork>(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
        where TNetwork : class, INetwork<TNetwork>
    {
        int samples = ArgumentGuard.Samples(inputs.Length, TNetwork.InputSize);
        ArgumentGuard.PerSample(targets.Length, samples, TNetwork.OutputSize, nameof(targets));
        return samples;
    }

    private ParallelStep StepOf<TNetwork>(IGradientSource source) where TNetwork : class, INetwork<TNetwork>
    {
        if (!_steps.TryGetValue(source, out ParallelStep? step))
            _steps.Add(source, step = new ParallelStep(source, TNetwork.InputSize, TNetwork.OutputSize, _workers));
        return step;
    }
}
