namespace Backprop.Numerics;

/// <summary>
/// A loss that is a sum over the outputs of one function of an output y and its target t: its formulas in double, by which
/// the reference engine computes, and its vector forms in float. All are per output, before any division for a mean.
/// </summary>
public interface ILossFunction
{
    /// <summary>What one output adds to the loss.</summary>
    /// <param name="y">The output.</param>
    /// <param name="t">The target.</param>
    static abstract double Value(double y, double t);

    /// <summary>The derivative of <see cref="Value(double, double)"/> by y.</summary>
    /// <param name="y">The output.</param>
    /// <param name="t">The target.</param>
    static abstract double Derivative(double y, double t);

    /// <summary>What each lane's output adds to the loss.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="y">The outputs.</param>
    /// <param name="t">The targets.</param>
    static abstract TLanes Value<TLanes>(TLanes y, TLanes t) where TLanes : struct, ILanes<TLanes>;

    /// <summary>The derivative by y in every lane.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="y">The outputs.</param>
    /// <param name="t">The targets.</param>
    static abstract TLanes Derivative<TLanes>(TLanes y, TLanes t) where TLanes : struct, ILanes<TLanes>;
}
