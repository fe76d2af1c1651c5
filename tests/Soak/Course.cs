namespace Backprop.Soak;

/// <summary>
/// A course of training and inference that a seed determines: rounds of calls to every member of a network, on samples that are
/// drawn before it begins.
/// </summary>
/// <typeparam name="TNet">The network.</typeparam>
internal sealed class Course<TNet> : IDisposable where TNet : class, INetwork<TNet>
{
    /// <summary>The calls of one round.</summary>
    public const int CallsPerRound = 8;

    private const int Samples = 512, Batch = 64;

    private readonly TNet _net;
    private readonly TrainingThreads _threads = new(2);
    private readonly float[] _inputs = new float[Samples * TNet.InputSize], _targets = new float[Samples * TNet.OutputSize];
    private readonly float[] _outputs = new float[Batch * TNet.OutputSize], _inputGradient = new float[Batch * TNet.InputSize];
    private readonly float[] _gradient = new float[TNet.ParameterCount], _parameters = new float[TNet.ParameterCount];
    private readonly Random _random;
    private Adam _adam = new() { LearningRate = 1e-4f };

    public Course(int seed)
    {
        _net = TNet.Create(seed);
        _random = new Random(seed);
        foreach (ref float x in _inputs.AsSpan())
            x = 2 * _random.NextSingle() - 1;
        for (int sample = 0; sample < Samples; sample++)
            _targets[sample * TNet.OutputSize + _random.Next(TNet.OutputSize)] = 1;
    }

    /// <summary>One round. Its plain steps and its Adam's train the same parameters; what inference finds decides nothing.</summary>
    /// <returns>The losses, summed: finite as long as the course is.</returns>
    public float Round()
    {
        ReadOnlySpan<float> x = Some(_inputs, TNet.InputSize, 1, out int sample), t = At(_targets, TNet.OutputSize, sample, 1);
        float loss = _net.TrainStep(x, t, 1e-4f);
        _net.Forward(x, _outputs.AsSpan(0, TNet.OutputSize));
        x = Some(_inputs, TNet.InputSize, Batch, out sample);
        t = At(_targets, TNet.OutputSize, sample, Batch);
        loss += _net.TrainStep(x, t, 1e-4f);
        loss += _net.TrainStep(x, t, ref _adam);
        loss += _threads.TrainStep(_net, x, t, 1e-4f);
        _net.Forward(x, _outputs);
        loss += _net.ComputeLoss(x, t);
        loss += _net.Backward(x, t, _gradient, _inputGradient);
        return loss;
    }

    /// <summary>The parameters; overwritten by the next call.</summary>
    public ReadOnlySpan<float> Parameters
    {
        get
        {
            _net.CopyParametersTo(_parameters);
            return _parameters;
        }
    }

    public void Dispose() => _threads.Dispose();

    private ReadOnlySpan<float> Some(float[] values, int size, int count, out int sample)
    {
        sample = _random.Next(Samples - count + 1);
        return At(values, size, sample, count);
    }

    private static ReadOnlySpan<float> At(float[] values, int size, int sample, int count) => values.AsSpan(sample * size, count * size);
}
