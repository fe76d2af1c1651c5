using System.Collections;

namespace Backprop;

/// <summary>The reports of a training run, one for each epoch in order.</summary>
public sealed class TrainingHistory : IReadOnlyList<EpochReport>
{
    private readonly List<EpochReport> _epochs = [];

    internal TrainingHistory()
    {
    }

    /// <summary>The number of epochs.</summary>
    public int Count => _epochs.Count;

    /// <summary>The last epoch: what the network is now.</summary>
    public EpochReport Last => _epochs[^1];

    /// <summary>The report of an epoch.</summary>
    /// <param name="index">Its place, from 0; the report of epoch 1 stands at 0.</param>
    public EpochReport this[int index] => _epochs[index];

    internal void Add(EpochReport report) => _epochs.Add(report);

    /// <inheritdoc/>
    public IEnumerator<EpochReport> GetEnumerator() => _epochs.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
