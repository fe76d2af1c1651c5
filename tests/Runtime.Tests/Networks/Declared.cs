using Runtime.Tests.Differential;

namespace Runtime.Tests.Networks;

/// <summary>The networks that this project declares, as a user would.</summary>
internal static class Declared
{
    /// <summary>The names of all.</summary>
    public static readonly string[] All = [nameof(TinyNet), nameof(StackNet), nameof(MediumNet), nameof(PooledNet), nameof(WideNet), nameof(DeepNet)];

    /// <summary>The names of all, one a row.</summary>
    public static TheoryData<string> Names => new(All);

    /// <summary>The network of a name.</summary>
    public static GeneratedNetwork Create(string name, int seed = 0) =>
        GeneratedNetwork.Create(typeof(Declared).Assembly.GetType($"{typeof(Declared).Namespace}.{name}", throwOnError: true)!, seed);
}

/// <summary>Samples and room for results, of the right lengths for a network.</summary>
internal sealed class Buffers
{
    public Buffers(GeneratedNetwork network, int samples, int seed = 0)
    {
        Problem problem = Problem.Draw(network.Spec, samples, new Random(seed));
        Inputs = Problem.Narrow(problem.Inputs);
        Targets = Problem.Narrow(problem.Targets);
        Outputs = new float[Targets.Length];
        Gradient = new float[network.ParameterCount];
        InputGradient = new float[Inputs.Length];
        Parameters = network.Parameters;
    }

    public float[] Inputs { get; }

    public float[] Targets { get; }

    public float[] Outputs { get; }

    public float[] Gradient { get; }

    public float[] InputGradient { get; }

    public float[] Parameters { get; }
}
