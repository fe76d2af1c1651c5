using System.Numerics;
using Backprop;

namespace Runtime.Tests.Differential;

/// <summary>
/// Networks of identity and ReLU on small integers: every sum is exact in any order, so that generated networks agree with
/// the reference engine to the last bit, and any error of indexing shows, at every size around the tiles' edges.
/// </summary>
public class ExactnessTests
{
    /// <summary>Integers up to 2²⁴ are exact in float; δ has as many more bits as the mean over the samples takes: six for 64.</summary>
    private const double ExactLimit = 1 << 23;

    /// <summary>Powers of two, so that the mean is exact; the last only where slices are larger than usual.</summary>
    private static readonly int[] s_samples = [1, 2, 8, 32, 64, 256];

    private const int MostWork = 600_000;

    public static TheoryData<int> Groups => [.. Enumerable.Range(0, 6)];

    /// <summary>Each edge as the number of inputs, of hidden units and of outputs, beside ever other sizes.</summary>
    [Theory, MemberData(nameof(Groups))]
    public void Results_are_exact(int group)
    {
        IReadOnlyList<NetworkSpec> specs = [.. Specs().Where((_, i) => i % Groups.Count == group)];
        CompiledNetworks compiled = CompiledNetworks.Compile(specs);
        var random = new Random(group);
        for (int i = 0; i < specs.Count; i++)
        {
            // The reference engine is slow: the largest networks see a whole tile of rows and its remainders, but not a whole slice.
            int most = Math.Max(64, specs[i].BatchSize);
            foreach (int samples in s_samples.Where(samples => samples < 2 * most && samples * specs[i].ParameterCount <= MostWork))
                AssertExact(compiled, i, samples, random);
        }
    }

    /// <summary>Samples are covered with tiles of several rows, and what remains with smaller ones: every number of them, over layers of each number of vectors.</summary>
    [Fact]
    public void Every_number_of_samples_is_exact()
    {
        // The last one's slices of seven samples are followed by slices of fewer; activations of its layers lie side by side.
        NetworkSpec[] specs = [.. new[] { 64, 48, 32, 16 }.Select(units => Spec(64, Unroll.Tiled, true, 20, units, units, 5)), Spec(7, Unroll.Tiled, true, 20, 64, 64, 64)];
        CompiledNetworks compiled = CompiledNetworks.Compile(specs);
        var random = new Random(7);
        for (int i = 0; i < specs.Length; i++)
        {
            for (int samples = 1; samples <= 20; samples++)
                AssertExact(compiled, i, samples, random);
        }
    }

    /// <summary>Layers that leave lanes empty: a slice that fills the lanes with samples goes another way than one that does not.</summary>
    [Fact]
    public void Slices_that_fill_the_lanes_are_exact()
    {
        NetworkSpec[] specs =
        [
            Spec(64, Unroll.Auto, true, 10, 20, 5), Spec(64, Unroll.Auto, false, 33, 17, 5),
            Spec(200, Unroll.Auto, true, 20, 40, 20, 3), // more parameters than an optimizer's block, slices of several blocks of samples
            Spec(64, Unroll.Auto, true, 50, 25, 1), Spec(200, Unroll.Auto, false, 8, 40, 3), Spec(64, Unroll.Auto, true, 17, 33, 9), Spec(64, Unroll.Auto, true, 14, 19, 4), // last layers along their inputs
            Spec(64, Unroll.Auto, true, 33, 17, 7), Spec(64, Unroll.Auto, false, 12, 20, 11), // and along their units
        ];
        CompiledNetworks compiled = CompiledNetworks.Compile(specs);
        var random = new Random(8);
        for (int i = 0; i < specs.Length; i++)
        {
            foreach (int samples in (int[])[2, 51, 52, 53, 64, 65, 100, 116, 150, 200, 264])
                AssertExact(compiled, i, samples, random);
        }
    }

    /// <summary>Layers that pass one sample's activations on in variables: from a product that is written out, and from one that loops in one to four vectors.</summary>
    [Fact]
    public void What_one_sample_leaves_in_variables_is_exact()
    {
        NetworkSpec[] specs =
        [
            Spec(64, Unroll.Auto, true, 16, 32, 32, 8), Spec(64, Unroll.Auto, false, 20, 48, 10), Spec(64, Unroll.Auto, false, 20, 48, 16), Spec(64, Unroll.Auto, true, 16, 32, 32, 14),
            Spec(64, Unroll.Auto, true, 70, 16, 40), Spec(64, Unroll.Auto, true, 64, 32, 10), Spec(64, Unroll.Auto, false, 35, 48, 13), Spec(64, Unroll.Auto, true, 68, 64, 9), Spec(64, Unroll.Auto, true, 68, 64, 14),
        ];
        CompiledNetworks compiled = CompiledNetworks.Compile(specs);
        var random = new Random(9);
        for (int i = 0; i < specs.Length; i++)
        {
            foreach (int samples in (int[])[1, 2, 3, 4])
                AssertExact(compiled, i, samples, random);
        }
    }

    /// <summary>
    /// Outputs so few that rows of weights share vectors, beside layers too wide for registers: whole blocks of rows, a part of one, inputs from
    /// variables and from memory, and numbers that are read two at a time.
    /// </summary>
    [Fact]
    public void Rows_that_share_vectors_are_exact()
    {
        NetworkSpec[] specs =
        [
            Spec(64, Unroll.Auto, true, 5, 32, 14, 2), Spec(64, Unroll.Auto, false, 9, 16, 3), Spec(64, Unroll.Auto, true, 12, 40, 12, 1),
            Spec(64, Unroll.Auto, true, 128, 16, 4), Spec(64, Unroll.Auto, true, 260, 16, 1), Spec(64, Unroll.Auto, true, 20, 72, 2, 40), Spec(64, Unroll.Auto, true, 40, 4, 16, 4),
        ];
        CompiledNetworks compiled = CompiledNetworks.Compile(specs);
        var random = new Random(10);
        for (int i = 0; i < specs.Length; i++)
        {
            foreach (int samples in (int[])[1, 2, 3, 4])
                AssertExact(compiled, i, samples, random);
        }
    }

    /// <summary>
    /// One layer along its inputs: every number of units, inputs that fill vectors and panels and such that leave a tail, more than an optimizer's block of
    /// one unit's weights, and every remainder of samples.
    /// </summary>
    [Fact]
    public void Layers_along_their_inputs_are_exact()
    {
        NetworkSpec[] specs =
        [
            .. new[] { 17, 24, 31, 32, 33, 64, 65, 100, 1024, 1030, 1100 }.Select((inputs, i) => Spec(i % 2 == 0 ? 64 : 7, Unroll.Auto, i % 3 > 0, inputs, 1)),
            .. Enumerable.Range(2, 11).SelectMany(units => new[] { 64, 65 + units, 96 + units / 3, 113 }.Select((inputs, i) => Spec(i % 2 == 0 ? 64 : 7, Unroll.Auto, (units + i) % 3 > 0, inputs, units))),
            Spec(64, Unroll.Auto, true, 32, 2), Spec(64, Unroll.Auto, false, 47, 3), Spec(64, Unroll.Auto, true, 33, 4),
        ];
        CompiledNetworks compiled = CompiledNetworks.Compile(specs);
        var random = new Random(11);
        for (int i = 0; i < specs.Length; i++)
        {
            foreach (int samples in (int[])[1, 2, 3, 4, 7, 8, 16, 23, 64])
                AssertExact(compiled, i, samples, random);
        }
    }

    /// <summary>
    /// Last layers along the units below them: every number of their own, below them such as fill vectors and panels and such that do not, passed on in
    /// variables and in memory, in two and three layers, and more of one unit's weights than an optimizer's block.
    /// </summary>
    [Fact]
    public void Last_layers_along_their_inputs_are_exact()
    {
        NetworkSpec[] specs =
        [
            .. new[] { 32, 33, 40, 50, 64, 65, 100, 128, 250, 256, 1030, 1100, 17, 31, 24 }.Select((below, i) => Spec(i % 2 == 0 ? 64 : 7, Unroll.Auto, i % 3 > 0, 3 + i, below, i % 2 == 0 ? 1 : 3)),
            .. Enumerable.Range(2, 11).SelectMany(units => new[] { 32, 49 + units, 64, 113 }.Select((below, i) => Spec(i % 2 == 0 ? 64 : 7, i == 3 ? Unroll.Tiled : Unroll.Auto, (units + i) % 3 > 0, 20 + units, below, units))),
            Spec(64, Unroll.Auto, true, 16, 32, 32, 8), Spec(64, Unroll.Full, false, 20, 70, 48, 2), Spec(64, Unroll.Auto, true, 12, 130, 64, 1),
        ];
        CompiledNetworks compiled = CompiledNetworks.Compile(specs);
        var random = new Random(13);
        for (int i = 0; i < specs.Length; i++)
        {
            foreach (int samples in (int[])[1, 2, 3, 4, 7, 16, 23, 64])
                AssertExact(compiled, i, samples, random);
        }
    }

    /// <summary>
    /// Layers of few units before others, whose weights a batch turns round: of inputs that fill panels and that do not, read from a caller and from scratch, and
    /// more of them than an optimizer's block; and a last layer of more weights than lie along its inputs.
    /// </summary>
    [Fact]
    public void Weights_that_are_turned_round_are_exact()
    {
        NetworkSpec[] specs =
        [
            Spec(64, Unroll.Auto, true, 256, 1, 20), Spec(64, Unroll.Auto, false, 6, 260, 6, 33), Spec(64, Unroll.Auto, true, 4, 130, 2, 40), Spec(20, Unroll.Tiled, true, 5, 70, 3, 20),
            Spec(64, Unroll.Auto, true, 20, 70, 3, 65, 5), Spec(64, Unroll.Auto, false, 64, 2, 40, 1), Spec(64, Unroll.Auto, true, 16, 33, 32, 8, 32), Spec(64, Unroll.Full, true, 9, 81, 7, 30),
            Spec(64, Unroll.Auto, true, 3, 1100, 1, 18), Spec(64, Unroll.Auto, true, 30, 100, 4, 35), Spec(64, Unroll.Auto, true, 17, 49, 8, 49, 8), Spec(64, Unroll.Auto, true, 2, 1650, 5),
        ];
        CompiledNetworks compiled = CompiledNetworks.Compile(specs);
        var random = new Random(12);
        for (int i = 0; i < specs.Length; i++)
        {
            foreach (int samples in (int[])[4, 15, 16, 17, 23, 64])
                AssertExact(compiled, i, samples, random);
        }
    }

    private static IEnumerable<NetworkSpec> Specs()
    {
        int[] edges = RandomSpecs.Edges;
        // Slices of 5 leave remainders of every kind of 8 and 64 samples.
        for (int i = 0; i < edges.Length; i++)
        {
            yield return Spec(i % 2 == 0 ? 5 : 64, i % 3 == 0 ? Unroll.Full : Unroll.Auto, i % 4 != 0, edges[i], edges[i * 7 % edges.Length]);
            yield return Spec(i % 3 == 0 ? 5 : 64, i % 4 == 0 ? Unroll.Tiled : Unroll.Auto, i % 5 != 0, edges[i * 3 % edges.Length], edges[i], edges[(i * 5 + 1) % edges.Length]);
        }
        // Layers so narrow that a batch may have its samples in the lanes.
        // Slices of 200 are several blocks of samples, and the last one is not full.
        foreach (int edge in edges.Where(edge => edge <= 16))
            yield return Spec(edge % 3 == 0 ? 200 : edge % 2 == 0 ? 64 : 37, Unroll.Auto, edge % 4 != 0, edge, edge * 5 % 16 + 1, edge * 3 % 7 + 1);
        yield return Spec(64, Unroll.Auto, true, 3, 1000, 2);
        yield return Spec(64, Unroll.Auto, true, 1025, 20);
        yield return Spec(64, Unroll.Auto, false, 20, 1039);
    }

    private static NetworkSpec Spec(int batchSize, Unroll unroll, bool bias, int inputs, params int[] units) =>
        new(inputs, units.Select((count, l) => new DenseSpec(count, l == units.Length - 1 ? Activation.Identity : Activation.ReLU) { Bias = bias }))
        {
            Loss = Loss.HalfSquaredError,
            BatchSize = batchSize,
            Unroll = unroll,
        };

    private static void AssertExact(CompiledNetworks compiled, int index, int samples, Random random)
    {
        NetworkSpec spec = compiled.Specs[index];
        // Parameters are at most 1 and, where there are many, mostly 0, so that sums stay small.
        int most = spec.Layers.Max(layer => layer.Units);
        double[] parameters = Integers(spec.ParameterCount, 1, zeros: most > 40 ? 0.75 : 0.25);
        double[] inputs = Integers(samples * spec.Inputs, 2, zeros: 0.25), targets = Integers(samples * spec.Outputs, 4, zeros: 0);

        var reference = new ReferenceNetwork(spec);
        reference.LoadParameters(parameters);
        double[] outputs = new double[targets.Length], gradient = new double[parameters.Length], inputGradient = new double[inputs.Length];
        reference.Forward(inputs, outputs);
        // The mean divides by the number of samples: where that is no power of two, y − t is made a multiple of it.
        if (!BitOperations.IsPow2(samples))
            targets = Array.ConvertAll(outputs, y => y - samples * random.Next(-2, 3));
        double loss = reference.Backward(inputs, targets, gradient, inputGradient);
        reference.TrainStep(inputs, targets, 0.5);
        var trained = new double[parameters.Length];
        reference.CopyParametersTo(trained);
        Assert.All([outputs, gradient, inputGradient, trained], values => Assert.True(values.Max(Math.Abs) < ExactLimit / samples, "The data is too large to be exact."));

        float[] x = Problem.Narrow(inputs), t = Problem.Narrow(targets);
        foreach (int lanes in CompiledNetworks.Widths)
        {
            compiled.Force(lanes);
            GeneratedNetwork network = compiled.Create(index);
            network.LoadParameters(Problem.Narrow(parameters));
            float[] y = new float[outputs.Length], g = new float[gradient.Length], dx = new float[inputGradient.Length];
            network.Forward(x, y);
            Same("outputs", outputs, y);
            if (BitOperations.IsPow2(samples)) // Else its last product is rounded.
                Same("loss", [loss], [network.ComputeLoss(x, t)]);
            network.Backward(x, t, g, dx);
            Same("gradient", gradient, g);
            Same("input gradient", inputGradient, dx);
            network.TrainStep(x, t, 0.5f);
            Same("trained parameters", trained, network.Parameters);

            // The path through an optimizer: the same step, as momentum is 0 in the first one.
            network.LoadParameters(Problem.Narrow(parameters));
            var sgd = new Sgd { LearningRate = 0.5f, Momentum = 0.5f };
            network.TrainStep(x, t, ref sgd);
            Same("parameters trained by an optimizer", trained, network.Parameters);

            void Same(string what, double[] expected, float[] actual)
            {
                for (int i = 0; i < expected.Length; i++)
                {
                    // The loss is a sum of squares, which may have more bits than a float.
                    if ((what == "loss" ? (float)expected[i] : expected[i]) != actual[i])
                        Assert.Fail($"{what}[{i} of {expected.Length}], {samples} samples, {lanes} lanes: expected {expected[i]}, got {actual[i]}\n{NetworkSource.Declare(spec, "Net")}");
                }
            }
        }

        double[] Integers(int count, int limit, double zeros) =>
            [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < zeros ? 0.0 : random.Next(-limit, limit + 1))];
    }
}
