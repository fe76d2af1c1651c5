using Backprop;
using Backprop.Numerics;
using Runtime.Tests.Activations;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>
/// a = φ(z) of a layer, and δ = r ∘ φ′(z), with error bounds: by the mean value theorem an error of z grows by no more than the
/// largest slope within it, |φ′(z)| + sup |φ″| times the error, and the jump of a kink that lies within it; the vector forms
/// add what they document.
/// </summary>
internal sealed class BoundedActivation
{
    private readonly double _curvature;
    private readonly Bounded _z;
    private readonly double[] _slope, _largestSlope, _slopeErrorOfItsOwn;

    /// <summary>Applies φ.</summary>
    public BoundedActivation(Activation activation, Bounded z)
    {
        int units = z.Value.Length;
        _z = z;
        _curvature = Curvature.Of(activation);
        (_slope, _largestSlope, _slopeErrorOfItsOwn) = (new double[units], new double[units], new double[units]);
        double[] a = new double[units], error = new double[units], rounding = new double[units];
        for (int j = 0; j < units; j++)
        {
            double zj = z.Value[j], ej = z.Error[j], jump = 0;
            foreach (Kink kink in Kinks.Of(activation))
            {
                if (ej > 0 && Math.Abs(zj - kink.At) <= ej)
                    jump += kink.Jump;
            }
            a[j] = ScalarActivation.Value(activation, zj);
            _slope[j] = ScalarActivation.Derivative(activation, zj);
            _largestSlope[j] = Math.Abs(_slope[j]) + _curvature * ej + jump;
            _slopeErrorOfItsOwn[j] = jump + DocumentedBounds.Derivative(_largestSlope[j]);
            double moved = _largestSlope[j] * ej;
            rounding[j] = DocumentedBounds.Value(activation, Math.Sign(zj) * (Math.Abs(zj) + ej), Math.Abs(a[j]) + moved);
            error[j] = moved + rounding[j];
        }
        A = Bounded.Of(a, error, Greatest(_largestSlope) * z.Norm + Bounded.Length(rounding));
    }

    /// <summary>a.</summary>
    public Bounded A { get; }

    /// <summary>δ = r ∘ φ′(z).</summary>
    public Bounded Delta(Bounded r)
    {
        int units = _slope.Length;
        double[] delta = new double[units], error = new double[units], moved = new double[units], local = new double[units];
        for (int j = 0; j < units; j++)
        {
            double magnitude = Math.Abs(r.Value[j]) + r.Error[j], slope = _largestSlope[j] + _slopeErrorOfItsOwn[j];
            delta[j] = r.Value[j] * _slope[j];
            moved[j] = magnitude * _curvature * _z.Error[j];
            local[j] = magnitude * (_slopeErrorOfItsOwn[j] + 3 * Rounding.U * slope) + Rounding.Tiny;
            error[j] = slope * r.Error[j] + moved[j] + local[j];
        }
        double largest = Greatest(_largestSlope.Zip(_slopeErrorOfItsOwn, (slope, own) => slope + own));
        double byZ = Math.Min(Bounded.Length(moved), Greatest(r.Magnitudes()) * _curvature * _z.Norm);
        return Bounded.Of(delta, error, largest * r.Norm + byZ + Bounded.Length(local));
    }

    private static double Greatest(IEnumerable<double> values) => values.Max();
}
