namespace Backprop;

/// <summary>
/// A rule by which gradients change parameters. Implemented by structs, so that a network's training step is compiled
/// for each one. A step calls <see cref="BeginStep"/> once, then <see cref="Update"/> once for every part of the parameters.
/// </summary>
public interface IOptimizer
{
    /// <summary>The learning rate η; it may be set between steps.</summary>
    float LearningRate { get; set; }

    /// <summary>Begins a step. The first call binds the optimizer to the network and allocates its state.</summary>
    /// <param name="network">The network whose parameters are updated.</param>
    /// <param name="length">The number of floats in the network's parameter buffer, padding included: the length of any state.</param>
    /// <exception cref="InvalidOperationException">The optimizer is bound to another network.</exception>
    void BeginStep(object network, int length);

    /// <summary>
    /// Updates the parameters [<paramref name="offset"/>, <paramref name="offset"/> + <paramref name="count"/>). Every
    /// element is updated on its own: a zero gradient on a zero parameter must leave it zero, since padding is updated too.
    /// <see cref="TrainingThreads"/> call it from several threads at once, each on a copy of the struct and on parts that no
    /// other one updates; nothing that it sets in the struct itself is kept.
    /// </summary>
    /// <param name="parameters">The first of the parameters to update.</param>
    /// <param name="gradient">The first of their gradients.</param>
    /// <param name="offset">The place of the first parameter in the buffer, by which state is found; a multiple of 4.</param>
    /// <param name="count">The number of parameters; a multiple of 4.</param>
    void Update(ref float parameters, ref float gradient, int offset, int count);
}
