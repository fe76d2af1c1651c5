namespace Backprop.Optimizers;

/// <summary>βᵗ for one step t after the other: a multiplication in place of <see cref="Math.Pow"/>, which takes as long as a small layer.</summary>
internal struct DecayPower
{
    // Of 1 nothing this small can be subtracted; left alone it would become subnormal, and slow.
    private const double Negligible = 1e-30;

    private float _decay;
    private int _step;
    private double _power;

    /// <summary>βᵗ. Where the last call was not for the step before, or for another β, it starts anew.</summary>
    /// <param name="decay">β, in [0, 1).</param>
    /// <param name="step">t, from 1 on.</param>
    public double Of(float decay, int step)
    {
        double power = step == _step + 1 && decay == _decay ? _power * decay : Math.Pow(decay, step);
        (_decay, _step, _power) = (decay, step, power < Negligible ? 0.0 : power);
        return _power;
    }
}
