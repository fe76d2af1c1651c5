using Backprop;
using Runtime.Tests.Networks;

namespace Runtime.Tests.Misuse;

/// <summary>Optimizers with impossible settings, or of another network: refused by name, before anything is written.</summary>
public class OptimizerMisuseTests
{
    private static readonly float[] s_wrong = [float.NaN, -1e-3f, float.PositiveInfinity, float.NegativeInfinity];

    private readonly float[] _inputs = [.. Enumerable.Range(0, 70 * StackNet.InputSize).Select(i => i % 7 / 7f)];
    private readonly float[] _targets = [.. Enumerable.Range(0, 70 * StackNet.OutputSize).Select(i => i % StackNet.OutputSize == 0 ? 1f : 0f)];

    [Fact]
    public void Settings_that_are_none_are_refused()
    {
        foreach (float wrong in s_wrong)
        {
            Refused("LearningRate", new Sgd { LearningRate = wrong }, new Sgd());
            Refused("Momentum", new Sgd { Momentum = wrong }, new Sgd());
            Refused("WeightDecay", new Sgd { WeightDecay = wrong }, new Sgd());
            Refused("LearningRate", new Adam { LearningRate = wrong }, new Adam());
            Refused("Beta1", new Adam { Beta1 = wrong }, new Adam());
            Refused("Beta2", new Adam { Beta2 = wrong }, new Adam());
            Refused("Epsilon", new Adam { Epsilon = wrong }, new Adam());
            Refused("WeightDecay", new Adam { WeightDecay = wrong }, new Adam());
            Refused("LearningRate", new AdamW { LearningRate = wrong }, new AdamW());
            Refused("Beta1", new AdamW { Beta1 = wrong }, new AdamW());
            Refused("Beta2", new AdamW { Beta2 = wrong }, new AdamW());
            Refused("Epsilon", new AdamW { Epsilon = wrong }, new AdamW());
            Refused("WeightDecay", new AdamW { WeightDecay = wrong }, new AdamW());
            Refused("LearningRate", new RmsProp { LearningRate = wrong }, new RmsProp());
            Refused("Alpha", new RmsProp { Alpha = wrong }, new RmsProp());
            Refused("Epsilon", new RmsProp { Epsilon = wrong }, new RmsProp());
            Refused("Momentum", new RmsProp { Momentum = wrong }, new RmsProp());
            Refused("WeightDecay", new RmsProp { WeightDecay = wrong }, new RmsProp());
            Refused("LearningRate", new AdaGrad { LearningRate = wrong }, new AdaGrad());
            Refused("Epsilon", new AdaGrad { Epsilon = wrong }, new AdaGrad());
            Refused("WeightDecay", new AdaGrad { WeightDecay = wrong }, new AdaGrad());
        }
        Refused("Momentum", new Sgd { Nesterov = true }, new Sgd());
        Refused("Epsilon", default(Adam), new Adam());
        Refused("Epsilon", default(AdamW), new AdamW());
        Refused("Epsilon", default(RmsProp), new RmsProp());
        Refused("Epsilon", default(AdaGrad), new AdaGrad());
    }

    [Fact]
    public void An_optimizer_serves_one_network()
    {
        Shared(new Sgd());
        Shared(new Sgd { Momentum = 0.9f });
        Shared(new Adam());
        Shared(new AdamW());
        Shared(new RmsProp());
        Shared(new AdaGrad());
    }

    /// <summary>Lengths are checked first: a refused call does not tie the optimizer to the network.</summary>
    [Fact]
    public void A_refused_call_does_not_bind()
    {
        StackNet refused = new(seed: 1), used = new(seed: 2);
        var adam = new Adam();
        Assert.Throws<ArgumentException>(() => refused.TrainStep(_inputs, _targets.AsSpan(1), ref adam));
        used.TrainStep(_inputs, _targets, ref adam);
        Assert.Throws<InvalidOperationException>(() => refused.TrainStep(_inputs, _targets, ref adam));
    }

    private void Refused<TOptimizer>(string setting, TOptimizer wrong, TOptimizer right) where TOptimizer : struct, IOptimizer
    {
        var net = new StackNet(seed: 1);
        using var threads = new TrainingThreads(2);
        float[] before = Parameters(net);
        foreach (int samples in (int[])[1, 3, 70])
        {
            float[] x = _inputs[..(samples * StackNet.InputSize)], t = _targets[..(samples * StackNet.OutputSize)];
            TOptimizer alone = wrong, together = wrong;
            Assert.Equal(setting, Assert.ThrowsAny<ArgumentException>(() => net.TrainStep(x, t, ref alone)).ParamName);
            Assert.Equal(setting, Assert.ThrowsAny<ArgumentException>(() => threads.TrainStep(net, x, t, ref together)).ParamName);
        }
        Assert.Equal(before, Parameters(net));
        // And the network goes on with another.
        Assert.True(float.IsFinite(net.TrainStep(_inputs, _targets, ref right)));
        Assert.NotEqual(before, Parameters(net));
    }

    private void Shared<TOptimizer>(TOptimizer optimizer) where TOptimizer : struct, IOptimizer
    {
        StackNet first = new(seed: 1), second = new(seed: 1);
        using var threads = new TrainingThreads(2);
        first.TrainStep(_inputs, _targets, ref optimizer);
        float[] learned = Parameters(first), before = Parameters(second);
        TOptimizer copy = optimizer;
        Assert.Throws<InvalidOperationException>(() => second.TrainStep(_inputs, _targets, ref optimizer));
        Assert.Throws<InvalidOperationException>(() => second.TrainStep(_inputs, _targets, ref copy));
        Assert.Throws<InvalidOperationException>(() => threads.TrainStep(second, _inputs, _targets, ref copy));
        Assert.Equal(before, Parameters(second));
        Assert.Equal(learned, Parameters(first));

        // The refusals have left no trace: the next step is that of an optimizer that saw none.
        StackNet untouched = new(seed: 1);
        TOptimizer fresh = Fresh(optimizer);
        untouched.TrainStep(_inputs, _targets, ref fresh);
        Assert.Equal(untouched.TrainStep(_inputs, _targets, ref fresh), first.TrainStep(_inputs, _targets, ref optimizer));
        Assert.Equal(Parameters(untouched), Parameters(first));
    }

    /// <summary>An optimizer of the same settings that has not been used.</summary>
    private static TOptimizer Fresh<TOptimizer>(TOptimizer used) where TOptimizer : struct, IOptimizer
    {
        object fresh = Activator.CreateInstance<TOptimizer>();
        foreach (var setting in typeof(TOptimizer).GetProperties().Where(property => property.CanWrite))
            setting.SetValue(fresh, setting.GetValue(used));
        return (TOptimizer)fresh;
    }

    private static float[] Parameters(StackNet net)
    {
        var parameters = new float[StackNet.ParameterCount];
        net.CopyParametersTo(parameters);
        return parameters;
    }
}
