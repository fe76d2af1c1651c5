namespace Backprop.Numerics;

/// <summary>
/// An activation φ that acts on each unit alone: its textbook formulas in double, by which the reference engine computes,
/// and its vector form in float, which emitted code calls. NaN gives NaN; ±∞ gives the limit.
/// </summary>
public interface IActivation
{
    /// <summary>φ(z).</summary>
    /// <param name="z">The weighted input.</param>
    static abstract double Value(double z);

    /// <summary>φ′(z), with PyTorch's choice where φ has a kink.</summary>
    /// <param name="z">The weighted input.</param>
    static abstract double Derivative(double z);

    /// <summary>φ(z) in every lane.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="z">The weighted inputs.</param>
    static abstract TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes>;
}

/// <summary>
/// An activation whose derivative is cheap and accurate from its output, so that training keeps a = φ(z) alone and takes
/// the derivative in the backward pass.
/// </summary>
public interface IOutputActivation : IActivation
{
    /// <summary>φ′(z) in every lane.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="a">The outputs φ(z).</param>
    static abstract TLanes DerivativeFromOutput<TLanes>(TLanes a) where TLanes : struct, ILanes<TLanes>;
}

/// <summary>
/// An activation whose derivative needs the weighted input, so that training computes it in the forward pass, where it
/// shares the transcendental work with the value.
/// </summary>
public interface IInputActivation : IActivation
{
    /// <summary>φ(z) and φ′(z) in every lane. The value has the same bits as the form without the derivative.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="z">The weighted inputs.</param>
    /// <param name="derivative">φ′(z).</param>
    static abstract TLanes Value<TLanes>(TLanes z, out TLanes derivative) where TLanes : struct, ILanes<TLanes>;
}
