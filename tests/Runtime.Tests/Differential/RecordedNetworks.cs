using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>A problem on which a generated network once differed; see Recorded.json.</summary>
internal sealed record RecordedNetwork(
    string Name, string Origin, string Note, int Inputs, IReadOnlyList<RecordedLayer> Layers, Loss Loss, Reduction Reduction, int BatchSize, Unroll Unroll,
    int Seed, float[] X, float[] T)
{
    /// <summary>All.</summary>
    public static IReadOnlyList<RecordedNetwork> All { get; } = Read();

    /// <summary>The specification.</summary>
    public NetworkSpec Spec => new(Inputs, Layers.Select(layer => new DenseSpec(layer.Units, layer.Activation) { Bias = layer.Bias }))
    {
        Loss = Loss,
        Reduction = Reduction,
        BatchSize = BatchSize,
        Unroll = Unroll,
    };

    private static IReadOnlyList<RecordedNetwork> Read()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Converters = { new JsonStringEnumConverter() },
        };
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Recorded.json")!;
        return JsonSerializer.Deserialize<Document>(stream, options)!.Cases;
    }

    private sealed record Document(IReadOnlyList<RecordedNetwork> Cases);
}

/// <summary>One layer of a recorded network.</summary>
internal sealed record RecordedLayer(int Units, Activation Activation, bool Bias);
