namespace Backprop;

/// <summary>
/// Saves and loads a network's parameters in the safetensors format, which other tools read too. The tensors are named
/// <c>layers.0.weight</c>, <c>layers.0.bias</c>, <c>layers.1.weight</c>, …, in float32, with PyTorch's shapes:
/// [units, inputs] and [units].
/// </summary>
public static class Weights
{
    /// <summary>
    /// Saves the parameters to a file. One that is there already is replaced as a whole: after a failure or a crash it
    /// still holds what it held before.
    /// </summary>
    /// <typeparam name="TNetwork">The network's type.</typeparam>
    /// <param name="network">The network.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save<TNetwork>(TNetwork network, string path) where TNetwork : class, INetwork<TNetwork>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => Save(network, stream));
    }

    /// <summary>Saves the parameters to a stream.</summary>
    /// <typeparam name="TNetwork">The network's type.</typeparam>
    /// <param name="network">The network.</param>
    /// <param name="stream">Where to; left open.</param>
    public static void Save<TNetwork>(TNetwork network, Stream stream) where TNetwork : class, INetwork<TNetwork>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        var parameters = new float[TNetwork.ParameterCount];
        network.CopyParametersTo(parameters);
        Safetensors.Write(stream, Tensor.Of(TNetwork.Spec), parameters);
    }

    /// <summary>Loads the parameters from a file.</summary>
    /// <typeparam name="TNetwork">The network's type.</typeparam>
    /// <param name="network">The network; it keeps its parameters where an exception is thrown.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsFormatException">The file is malformed or its tensors are not those of the network.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Load<TNetwork>(TNetwork network, string path) where TNetwork : class, INetwork<TNetwork>
    {
        ArgumentNullException.ThrowIfNull(network);
        using FileStream stream = File.OpenRead(path);
        try
        {
            Load(network, stream);
        }
        catch (WeightsFormatException e)
        {
            throw new WeightsFormatException($"{Path.GetFileName(path)}: {e.Message}", e);
        }
    }

    /// <summary>Loads the parameters from a stream, which has to end with them.</summary>
    /// <typeparam name="TNetwork">The network's type.</typeparam>
    /// <param name="network">The network; it keeps its parameters where an exception is thrown.</param>
    /// <param name="stream">Where from; left open.</param>
    /// <exception cref="WeightsFormatException">The stream is malformed or its tensors are not those of the network.</exception>
    public static void Load<TNetwork>(TNetwork network, Stream stream) where TNetwork : class, INetwork<TNetwork>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        network.LoadParameters(Safetensors.Read(stream, Tensor.Of(TNetwork.Spec)));
    }
}
