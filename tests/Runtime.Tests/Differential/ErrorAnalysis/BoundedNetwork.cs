using Backprop;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>What a network computes, in double, with what a computation in float may differ from it.</summary>
internal sealed record BoundedResult(Bounded Outputs, Bounded Loss, Bounded Gradient, Bounded InputGradient);

/// <summary>
/// A running error analysis: the passes of the reference engine with a bound of the rounding error beside every number. Each
/// sum has the standard bound 2(K + 2) u (Σ|w·x| + |b|); bounds go from layer to layer forward, and from δ to δ backward. No
/// constant is fitted: a difference beyond a bound is an error of the generated code, or of a vector function.
/// </summary>
internal sealed class BoundedNetwork
{
    private readonly NetworkSpec _spec;
    private readonly BoundedLayer[] _layers;

    /// <summary>A network.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="parameters">The parameters, canonical order.</param>
    /// <param name="errors">How far those of the network in float may be from them; empty where they are exact.</param>
    /// <param name="before">The network that this one was trained from.</param>
    public BoundedNetwork(NetworkSpec spec, double[] parameters, double[] errors, BoundedNetwork? before = null)
    {
        _spec = spec;
        _layers = new BoundedLayer[spec.Layers.Count];
        int offset = 0;
        for (int l = 0; l < _layers.Length; l++)
        {
            int count = spec.Layers[l].Units * (spec.InputsOf(l) + (spec.Layers[l].Bias ? 1 : 0));
            Range own = offset..(offset + count);
            _layers[l] = new BoundedLayer(spec.Layers[l], spec.InputsOf(l), parameters[own], errors.Length > 0 ? errors[own] : []);
            if (before is null)
                _layers[l].FindSpectralNorm();
            else
                _layers[l].DeriveSpectralNorm(before._layers[l]);
            offset += count;
        }
    }

    /// <summary>Both passes over a batch.</summary>
    public BoundedResult Evaluate(double[] inputs, double[] targets)
    {
        int samples = inputs.Length / _spec.Inputs;
        double[] outputs = new double[targets.Length], outputErrors = new double[targets.Length];
        double[] inputGradient = new double[inputs.Length], inputErrors = new double[inputs.Length];
        double loss = 0, lossError = 0, lossMagnitude = 0;
        BoundedGradient[] gradients = [.. _spec.Layers.Select((layer, l) => new BoundedGradient(layer, _spec.InputsOf(l)))];
        for (int s = 0; s < samples; s++)
        {
            var sample = new BoundedSample(_spec, _layers, inputs.AsSpan(s * _spec.Inputs, _spec.Inputs));
            double[] t = targets[(s * _spec.Outputs)..((s + 1) * _spec.Outputs)];
            sample.Outputs.Value.CopyTo(outputs, s * _spec.Outputs);
            sample.Outputs.Error.CopyTo(outputErrors, s * _spec.Outputs);
            (double value, double error) = sample.Loss(t);
            loss += value;
            lossError += error;
            lossMagnitude += Math.Abs(value) + error;
            Bounded x = sample.Propagate(t, 1.0 / ((double)_spec.LossDivisor * samples), gradients);
            x.Value.CopyTo(inputGradient, s * _spec.Inputs);
            x.Error.CopyTo(inputErrors, s * _spec.Inputs);
        }

        double divisor = (double)_spec.LossDivisor * samples;
        // Lanes, outputs and samples are summed in any order, and divided.
        lossError += Rounding.OfSum(samples * _spec.Outputs + 2) * lossMagnitude;
        (double[] Value, double[] Error)[] parts = [.. gradients.Select(gradient => gradient.Result())];
        return new BoundedResult(
            Bounded.Of(outputs, outputErrors), Bounded.Of([loss / divisor], [lossError / divisor + Rounding.Tiny]),
            Bounded.Of([.. parts.SelectMany(part => part.Value)], [.. parts.SelectMany(part => part.Error)]),
            Bounded.Of(inputGradient, inputErrors));
    }
}
