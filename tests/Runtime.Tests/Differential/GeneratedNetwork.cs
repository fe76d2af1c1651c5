using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>A generated network whose class is known at run time only.</summary>
internal abstract class GeneratedNetwork
{
    /// <summary>What it was generated from, as the class says.</summary>
    public abstract NetworkSpec Spec { get; }

    public abstract int InputSize { get; }

    public abstract int OutputSize { get; }

    public abstract int ParameterCount { get; }

    public abstract void Forward(ReadOnlySpan<float> inputs, Span<float> outputs);

    public abstract float ComputeLoss(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets);

    public abstract float Backward(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient);

    public abstract float Backward(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient, Span<float> inputGradient);

    public abstract float TrainStep(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, float learningRate);

    public abstract float TrainStep<TOptimizer>(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ref TOptimizer optimizer) where TOptimizer : struct, IOptimizer;

    public abstract void CopyParametersTo(Span<float> destination);

    public abstract void LoadParameters(ReadOnlySpan<float> source);

    /// <summary>The parameters, in canonical order.</summary>
    public float[] Parameters
    {
        get
        {
            var parameters = new float[ParameterCount];
            CopyParametersTo(parameters);
            return parameters;
        }
    }

    /// <summary>A network of a class that was loaded.</summary>
    public static GeneratedNetwork Create(Type type, int seed = 0) =>
        (GeneratedNetwork)Activator.CreateInstance(typeof(GeneratedNetwork<>).MakeGenericType(type), seed)!;
}

/// <summary>A generated network.</summary>
/// <typeparam name="TNet">Its class.</typeparam>
internal sealed class GeneratedNetwork<TNet>(int seed) : GeneratedNetwork where TNet : class, INetwork<TNet>
{
    private readonly TNet _network = TNet.Create(seed);

    public override NetworkSpec Spec => TNet.Spec;

    public override int InputSize => TNet.InputSize;

    public override int OutputSize => TNet.OutputSize;

    public override int ParameterCount => TNet.ParameterCount;

    public override void Forward(ReadOnlySpan<float> inputs, Span<float> outputs) => _network.Forward(inputs, outputs);

    public override float ComputeLoss(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets) => _network.ComputeLoss(inputs, targets);

    public override float Backward(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient) =>
        _network.Backward(inputs, targets, gradient);

    public override float Backward(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient, Span<float> inputGradient) =>
        _network.Backward(inputs, targets, gradient, inputGradient);

    public override float TrainStep(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, float learningRate) =>
        _network.TrainStep(inputs, targets, learningRate);

    public override float TrainStep<TOptimizer>(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ref TOptimizer optimizer) =>
        _network.TrainStep(inputs, targets, ref optimizer);

    public override void CopyParametersTo(Span<float> destination) => _network.CopyParametersTo(destination);

    public override void LoadParameters(ReadOnlySpan<float> source) => _network.LoadParameters(source);
}
