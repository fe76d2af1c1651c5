namespace Backprop;

/// <summary>
/// What every generated network offers, so that generic code works on any of them. Inputs and targets hold one or more
/// samples, row-major; their number is <c>inputs.Length / InputSize</c>. Losses are the mean over the samples.
/// Parameters and gradients are in canonical order: layer by layer, the weight [units, inputs] row-major, then the bias.
/// </summary>
/// <remarks>
/// NaN and infinities are not refused: they go through the formulas as through any arithmetic in floating point. In an input or a
/// target they reach the results of that sample, and the sums over the batch (loss and gradient), but no result of another sample.
/// With an infinite parameter, gradients may be NaN where exact arithmetic would give a number. A training step hands all of it
/// on to the parameters, and an optimizer's state: <see cref="LoadParameters"/> makes the network as good as new, and a new
/// optimizer goes with it. <see cref="Trainer"/> stops at the first loss that is not finite.
/// </remarks>
/// <typeparam name="TSelf">The network itself.</typeparam>
public interface INetwork<TSelf> where TSelf : class, INetwork<TSelf>
{
    /// <summary>The number of inputs of one sample.</summary>
    static abstract int InputSize { get; }

    /// <summary>The number of outputs of one sample.</summary>
    static abstract int OutputSize { get; }

    /// <summary>The number of parameters.</summary>
    static abstract int ParameterCount { get; }

    /// <summary>The specification that the network was generated from.</summary>
    static abstract NetworkSpec Spec { get; }

    /// <summary>A new network; the same seed gives the same initial parameters.</summary>
    /// <param name="seed">The seed of the initial parameters.</param>
    static abstract TSelf Create(int seed = 0);

    /// <summary>Computes the outputs for one or more samples. Any number of threads may call it at once.</summary>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="outputs">[samples, OutputSize]; overwritten. It must not overlap <paramref name="inputs"/>.</param>
    /// <exception cref="ArgumentException">A length is wrong, there is no sample, or the spans overlap; nothing was written.</exception>
    void Forward(ReadOnlySpan<float> inputs, Span<float> outputs);

    /// <summary>The mean loss over the samples. Any number of threads may call it at once.</summary>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <exception cref="ArgumentException">A length is wrong or there is no sample.</exception>
    float ComputeLoss(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets);

    /// <summary>Computes the gradient of the mean loss; the parameters stay as they are. Any number of threads may call it at once.</summary>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <param name="gradient">[ParameterCount], canonical order; overwritten. It must not overlap what is read.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="ArgumentException">A length is wrong, there is no sample, or spans overlap; nothing was written.</exception>
    float Backward(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient);

    /// <summary>Computes the gradient of the mean loss by the parameters and by the inputs.</summary>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <param name="gradient">[ParameterCount], canonical order; overwritten. It must not overlap what is read.</param>
    /// <param name="inputGradient">[samples, InputSize]; overwritten. It must not overlap what is read, nor <paramref name="gradient"/>.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="ArgumentException">A length is wrong, there is no sample, or spans overlap; nothing was written.</exception>
    float Backward(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradient, Span<float> inputGradient);

    /// <summary>
    /// One step of plain stochastic gradient descent, W ← W − η ∂C/∂W. For up to <see cref="NetworkSpec.BatchSize"/> samples (fewer
    /// where a network has 100,000 units and more) it is fused into the gradient's computation.
    /// </summary>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <param name="learningRate">η: finite, not negative.</param>
    /// <returns>The mean loss of the parameters before the step.</returns>
    /// <exception cref="ArgumentException">A length is wrong, there is no sample, or η is not allowed; nothing was written.</exception>
    float TrainStep(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, float learningRate);

    /// <summary>One step of an optimizer. The first step with an optimizer allocates its state, later ones nothing.</summary>
    /// <typeparam name="TOptimizer">The optimizer's type.</typeparam>
    /// <param name="inputs">[samples, InputSize].</param>
    /// <param name="targets">[samples, OutputSize].</param>
    /// <param name="optimizer">The optimizer; its state belongs to this network from the first step on.</param>
    /// <returns>The mean loss of the parameters before the step.</returns>
    /// <exception cref="ArgumentException">A length is wrong, there is no sample, or the optimizer refuses its settings; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">The optimizer has already been used on another network.</exception>
    float TrainStep<TOptimizer>(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ref TOptimizer optimizer)
        where TOptimizer : struct, IOptimizer;

    /// <summary>Copies the parameters out.</summary>
    /// <param name="destination">[ParameterCount], canonical order; overwritten.</param>
    /// <exception cref="ArgumentException">The length is wrong; nothing was written.</exception>
    void CopyParametersTo(Span<float> destination);

    /// <summary>Replaces the parameters.</summary>
    /// <param name="source">[ParameterCount], canonical order.</param>
    /// <exception cref="ArgumentException">The length is wrong; nothing was written.</exception>
    void LoadParameters(ReadOnlySpan<float> source);
}
