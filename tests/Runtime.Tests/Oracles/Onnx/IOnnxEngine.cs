using Backprop;
using Backprop.Tests.Numerics;
using Runtime.Tests.Differential;
using Runtime.Tests.Differential.ErrorAnalysis;

namespace Runtime.Tests.Oracles.Onnx;

/// <summary>What carries out the operators: networks, and functions that are no activation.</summary>
internal interface IOnnxEngine
{
    /// <summary>The outputs of a network.</summary>
    Bounded Forward(NetworkSpec spec, double[] parameters, double[] inputs);

    /// <summary>The mean loss of a network.</summary>
    Bounded Loss(NetworkSpec spec, double[] parameters, double[] inputs, double[] targets);

    /// <summary>Exp, Log or Erf of each element.</summary>
    Bounded Function(string name, double[] x);
}

/// <summary>The reference engine. The errors are those that a computation in float may have.</summary>
internal sealed class ReferenceOnnxEngine : IOnnxEngine
{
    private readonly HashSet<NetworkSpec> _specs = [];

    /// <summary>Every specification that was asked for.</summary>
    public IReadOnlyCollection<NetworkSpec> Specs => _specs;

    public Bounded Forward(NetworkSpec spec, double[] parameters, double[] inputs)
    {
        var outputs = new double[inputs.Length / spec.Inputs * spec.Outputs];
        Network(spec, parameters).Forward(inputs, outputs);
        return new BoundedNetwork(spec, parameters, []).Evaluate(inputs, new double[outputs.Length]).Outputs with { Value = outputs };
    }

    public Bounded Loss(NetworkSpec spec, double[] parameters, double[] inputs, double[] targets)
    {
        double loss = Network(spec, parameters).ComputeLoss(inputs, targets);
        return new BoundedNetwork(spec, parameters, []).Evaluate(inputs, targets).Loss with { Value = [loss] };
    }

    public Bounded Function(string name, double[] x)
    {
        double[] y = Array.ConvertAll(x, value => name switch
        {
            "Exp" => Math.Exp(value),
            "Log" => Math.Log(value),
            "Erf" => ErrorFunction.Compute(value),
            _ => throw new NotSupportedException(name),
        });
        return Bounded.Of(y, Array.ConvertAll(y, value => 2 * VectorFunction.Named(name).Bound * Rounding.U * Math.Abs(value)));
    }

    private ReferenceNetwork Network(NetworkSpec spec, double[] parameters)
    {
        _specs.Add(spec);
        var network = new ReferenceNetwork(spec);
        network.LoadParameters(parameters);
        return network;
    }
}

/// <summary>Generated networks and the vector functions, at one width.</summary>
internal sealed class GeneratedOnnxEngine(CompiledNetworks compiled, int lanes) : IOnnxEngine
{
    public Bounded Forward(NetworkSpec spec, double[] parameters, double[] inputs)
    {
        var outputs = new float[inputs.Length / spec.Inputs * spec.Outputs];
        Network(spec, parameters).Forward(Problem.Narrow(inputs), outputs);
        return Bounded.Exact(Problem.Widen(outputs));
    }

    public Bounded Loss(NetworkSpec spec, double[] parameters, double[] inputs, double[] targets) =>
        Bounded.Exact([Network(spec, parameters).ComputeLoss(Problem.Narrow(inputs), Problem.Narrow(targets))]);

    public Bounded Function(string name, double[] x)
    {
        var y = new float[x.Length];
        VectorFunction.Named(name).Evaluate(lanes, Problem.Narrow(x), y);
        return Bounded.Exact(Problem.Widen(y));
    }

    private GeneratedNetwork Network(NetworkSpec spec, double[] parameters)
    {
        compiled.Force(lanes);
        GeneratedNetwork network = compiled.Create(compiled.Specs.ToList().IndexOf(spec));
        network.LoadParameters(Problem.Narrow(parameters));
        return network;
    }
}
