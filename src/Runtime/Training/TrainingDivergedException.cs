using System.Globalization;

namespace Backprop;

/// <summary>The loss is no longer a finite number: the parameters are lost. A lower learning rate or scaled inputs are what helps.</summary>
/// <param name="epoch">The epoch, from 1.</param>
/// <param name="step">The step within the epoch, from 1.</param>
/// <param name="loss">The loss: NaN or infinite.</param>
public sealed class TrainingDivergedException(int epoch, int step, double loss) : Exception(
    string.Create(CultureInfo.InvariantCulture, $"The loss became {loss} in epoch {epoch}, step {step}; a lower learning rate or scaled inputs may help"))
{
    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>The step within the epoch, from 1.</summary>
    public int Step { get; } = step;

    /// <summary>The loss: NaN or infinite.</summary>
    public double Loss { get; } = loss;
}
