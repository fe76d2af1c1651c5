using Backprop;
using FsCheck;
using FsCheck.Fluent;

namespace Runtime.Tests.Differential;

/// <summary>Draws specifications that the generator serves: any depth, activation and loss, and sizes around the tiles' edges.</summary>
internal static class RandomSpecs
{
    /// <summary>Sizes at which a vector, a tile or a panel begins, ends, or is one short.</summary>
    public static readonly int[] Edges =
    [
        1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 80, 81, 96, 97, 100, 127, 128, 129, 255, 256, 257,
    ];

    private static readonly Gen<int> s_size = Gen.Frequency((8, Gen.Elements(Edges)), (3, Gen.Choose(1, 40)), (1, Gen.Choose(130, 1100)));

    private static readonly Gen<int> s_depth = Gen.Frequency((4, Gen.Choose(1, 2)), (3, Gen.Choose(3, 4)), (1, Gen.Choose(5, 8)));

    private static readonly Gen<int> s_batchSize = Gen.Frequency((4, Gen.Constant(NetworkSpec.DefaultBatchSize)), (3, Gen.Choose(1, 70)));

    private static readonly Gen<Initializer> s_initializer =
        Gen.Frequency((3, Gen.Constant(Initializer.Default)), (3, Gen.Elements(Enum.GetValues<Initializer>())));

    private static readonly Gen<DenseSpec> s_layer =
        from units in s_size
        from activation in Gen.Elements(Enum.GetValues<Activation>().Where(a => a != Activation.Softmax).ToArray())
        from bias in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        from initializer in s_initializer
        select new DenseSpec(units, activation) { Bias = bias, Initializer = initializer };

    private static readonly Gen<NetworkSpec> s_spec =
        from depth in s_depth
        from inputs in s_size
        from layers in s_layer.ArrayOf(depth)
        from loss in Gen.Elements(Enum.GetValues<Loss>())
        from softmax in Gen.Frequency((1, Gen.Constant(true)), (9, Gen.Constant(false)))
        from reduction in Gen.Elements(Enum.GetValues<Reduction>())
        from batchSize in s_batchSize
        from unroll in Gen.Frequency((4, Gen.Constant(Unroll.Auto)), (1, Gen.Constant(Unroll.Full)), (1, Gen.Constant(Unroll.Tiled)))
        from limit in Gen.Frequency((5, Gen.Constant(10_000)), (1, Gen.Constant(60_000)))
        select Bounded(new NetworkSpec(inputs, WithOutput(layers, loss, softmax))
        {
            Loss = loss,
            Reduction = reduction,
            BatchSize = batchSize,
            Unroll = unroll,
        }, limit);

    /// <summary>Specifications drawn by a seed.</summary>
    public static IReadOnlyList<NetworkSpec> Draw(int seed, int count) => [.. s_spec.Sample(count, new Rnd((ulong)(uint)seed), size: 1)];

    private static DenseSpec[] WithOutput(DenseSpec[] layers, Loss loss, bool softmax)
    {
        Activation activation = loss switch
        {
            Loss.CrossEntropy => Activation.Softmax,
            Loss.BinaryCrossEntropy => Activation.Sigmoid,
            _ => softmax ? Activation.Softmax : layers[^1].Activation,
        };
        return [.. layers[..^1], layers[^1] with { Activation = activation }];
    }

    // The reference engine takes about a nanosecond for each multiply-add: the largest sizes are halved until it is quick.
    private static NetworkSpec Bounded(NetworkSpec spec, int limit)
    {
        int inputs = spec.Inputs;
        DenseSpec[] layers = [.. spec.Layers];
        while (spec.ParameterCount > limit)
        {
            int largest = Array.FindIndex(layers, layer => layer.Units == layers.Max(l => l.Units));
            if (inputs > layers[largest].Units)
                inputs = (inputs + 1) / 2;
            else
                layers[largest] = layers[largest] with { Units = (layers[largest].Units + 1) / 2 };
            spec = new NetworkSpec(inputs, layers) { Loss = spec.Loss, Reduction = spec.Reduction, BatchSize = spec.BatchSize, Unroll = spec.Unroll };
        }
        return spec;
    }
}
