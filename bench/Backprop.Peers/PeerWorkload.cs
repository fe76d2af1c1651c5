namespace Backprop.Benchmarks.Peers;

/// <summary>One row of the side-by-side run.</summary>
/// <param name="Name">W1, W2, …</param>
/// <param name="Spec">The network.</param>
/// <param name="Create">Makes the generated network.</param>
public sealed record PeerWorkload(string Name, NetworkSpec Spec, Func<IEngine> Create)
{
    private Workload? _workload;

    /// <summary>The C# engines that are measured.</summary>
    public static IReadOnlyList<string> Engines { get; } = ["backprop", "tensorprimitives"];

    /// <summary>All workloads, in the table's order. Add a row here to measure another network.</summary>
    public static IReadOnlyList<PeerWorkload> All { get; } =
    [
        Of<Mlp2x2x1>("W1"),
        Of<Mlp4x16x3>("W2"),
        Of<Mlp16x32x32x8>("W3"),
        Of<Mlp64x32x10>("W4"),
        Of<Mlp784x128x10>("W5"),
        Of<Mlp784x512x256x10>("W6"),
        Of<Mlp128x128x128x128x128x10>("W7"),
    ];

    /// <summary>Parameters and samples.</summary>
    public Workload Workload => _workload ??= new Workload(Spec);

    /// <summary>The sizes, as in 64-32-10.</summary>
    public string Sizes => string.Join('-', Spec.Layers.Select(layer => layer.Units).Prepend(Spec.Inputs));

    /// <summary>A new engine.</summary>
    /// <param name="name">One of <see cref="Engines"/>.</param>
    public IEngine Engine(string name) => name == "backprop" ? Create() : new TensorPrimitivesNetwork(Spec, Workload.Samples);

    private static PeerWorkload Of<T>(string name) where T : class, INetwork<T>, IEngine => new(name, T.Spec, () => T.Create());
}
