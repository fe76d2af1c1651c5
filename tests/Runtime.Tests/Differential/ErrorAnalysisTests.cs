using Backprop;
using Backprop.Numerics;
using Runtime.Tests.Differential.ErrorAnalysis;

namespace Runtime.Tests.Differential;

/// <summary>The judge of the generated networks is judged first: its constants, and that its bounds hold what they should and no more.</summary>
public class ErrorAnalysisTests
{
    public static TheoryData<Activation> Activations => Runtime.Tests.Activations.DerivativeTests.Activations;

    /// <summary>By central differences of φ′, away from the kinks: nowhere more, and somewhere almost as much.</summary>
    [Theory, MemberData(nameof(Activations))]
    public void Curvature_is_the_supremum(Activation activation)
    {
        const double h = 1e-5;
        double largest = 0;
        for (double z = -8.0005; z < 8; z += 0.001)
        {
            if (!Kinks.Of(activation).Any(kink => Math.Abs(z - kink.At) < 1e-4))
                largest = Math.Max(largest, Math.Abs(ScalarActivation.Derivative(activation, z + h) - ScalarActivation.Derivative(activation, z - h)) / (2 * h));
        }
        Assert.InRange(largest, 0.99 * Curvature.Of(activation), Curvature.Of(activation) + 1e-9);
    }

    /// <summary>The listed kinks are all, and φ′ jumps there by as much as is listed.</summary>
    [Theory, MemberData(nameof(Activations))]
    public void Kinks_are_the_jumps(Activation activation)
    {
        const double h = 1e-7;
        for (int i = -400; i <= 400; i++)
        {
            double z = i / 100.0, jump = Math.Abs(ScalarActivation.Derivative(activation, z + h) - ScalarActivation.Derivative(activation, z - h));
            double listed = Kinks.Of(activation).Where(kink => kink.At == z).Sum(kink => kink.Jump);
            Assert.Equal(listed, jump, 1e-6);
        }
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(5, 5)]
    [InlineData(40, 13)]
    [InlineData(13, 90)]
    public void The_spectral_norm_is_bounded_from_above_and_nearly_reached(int rows, int columns)
    {
        var random = new Random(rows);
        double[] matrix = [.. Enumerable.Range(0, rows * columns).Select(_ => 2 * random.NextDouble() - 1)];
        double bound = SpectralNorm.Bound(matrix, rows, columns);
        // Power iteration comes from below.
        double[] x = [.. Enumerable.Range(0, columns).Select(_ => random.NextDouble())];
        double norm = 0;
        for (int step = 0; step < 200; step++)
        {
            double[] y = [.. Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, columns).Sum(j => matrix[i * columns + j] * x[j]))];
            double[] back = [.. Enumerable.Range(0, columns).Select(j => Enumerable.Range(0, rows).Sum(i => matrix[i * columns + j] * y[i]))];
            norm = Math.Sqrt(Bounded.Length(back) / Bounded.Length(x));
            x = [.. back.Select(value => value / Bounded.Length(back))];
        }
        Assert.InRange(bound, norm * (1 - 1e-9), norm * Math.Pow(Math.Min(rows, columns), 1.0 / 16));
    }

    /// <summary>Found by shrinking: a gradient of exactly 0 had a learning rate that made steps of its rounding, and bounds without meaning.</summary>
    [Fact]
    public void Bounds_of_a_gradient_of_zero_are_finite_and_small()
    {
        NetworkSpec spec = new(1, [new DenseSpec(1, Activation.Softmax)]) { Loss = Loss.HalfSquaredError };
        CompiledNetworks compiled = CompiledNetworks.Compile([spec]);
        Problem problem = Problem.Draw(spec, samples: 7, new Random(1));
        Agreement.Assert(compiled, 0, problem, "a softmax of one unit");
        BoundedNetwork network = new(spec, problem.Parameters, []);
        BoundedTraining training = BoundedTraining.Run(problem, network, network.Evaluate(problem.Inputs, problem.Targets), learningRate: 6, momentum: 0.9f, steps: 3);
        Assert.InRange(training.Parameters.Error.Max(), 0, 0.01);
    }

    /// <summary>An engine that computes in float, in another order, stays within; one that leaves out one of 200 weights does not.</summary>
    [Fact]
    public void A_dropped_weight_is_outside_the_bound_and_rounding_is_not()
    {
        NetworkSpec spec = new(40, [new DenseSpec(5, Activation.Tanh)]);
        Problem problem = Problem.Draw(spec, samples: 1, new Random(4));
        Bounded outputs = new BoundedNetwork(spec, problem.Parameters, []).Evaluate(problem.Inputs, problem.Targets).Outputs;
        for (int dropped = -1; dropped < 40; dropped++)
        {
            for (int unit = 0; unit < 5; unit++)
            {
                float z = 0;
                for (int i = 39; i >= 0; i--)
                    z += i == dropped ? 0 : (float)problem.Parameters[unit * 40 + i] * (float)problem.Inputs[i];
                double y = MathF.Tanh(z + (float)problem.Parameters[200 + unit]);
                Assert.Equal(dropped < 0, Math.Abs(y - outputs.Value[unit]) <= outputs.Error[unit]);
            }
        }
    }
}
