namespace Backprop.Numerics;

/// <summary>
/// The formulas in double of the losses that are functions of the outputs, by their names. The two cross-entropies are
/// computed from the weighted inputs and not among them.
/// </summary>
internal static class ScalarLoss
{
    /// <summary>What one output adds to the loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="y">The output.</param>
    /// <param name="t">The target.</param>
    public static double Value(Loss loss, double y, double t) => loss switch
    {
        Loss.MeanSquaredError => MeanSquaredError.Value(y, t),
        Loss.HalfSquaredError => HalfSquaredError.Value(y, t),
        Loss.MeanAbsoluteError => MeanAbsoluteError.Value(y, t),
        Loss.Huber => Huber.Value(y, t),
        _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, "It is a function of the weighted inputs"),
    };

    /// <summary>The derivative by the output.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="y">The output.</param>
    /// <param name="t">The target.</param>
    public static double Derivative(Loss loss, double y, double t) => loss switch
    {
        Loss.MeanSquaredError => MeanSquaredError.Derivative(y, t),
        Loss.HalfSquaredError => HalfSquaredError.Derivative(y, t),
        Loss.MeanAbsoluteError => MeanAbsoluteError.Derivative(y, t),
        Loss.Huber => Huber.Derivative(y, t),
        _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, "It is a function of the weighted inputs"),
    };
}
