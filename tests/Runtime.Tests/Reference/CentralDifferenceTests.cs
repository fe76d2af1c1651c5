using Backprop;

namespace Runtime.Tests.Reference;

/// <summary>The reference engine's derivatives against (C(θ + h) − C(θ − h)) / 2h, for every activation with every loss.</summary>
public class CentralDifferenceTests
{
    private const double H = 1e-6;
    private const double Tolerance = 2e-8;

    public static TheoryData<Activation, Loss, Reduction> Combinations()
    {
        var rows = new TheoryData<Activation, Loss, Reduction>();
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach (Loss loss in Enum.GetValues<Loss>())
            {
                rows.Add(activation, loss, Reduction.Mean);
                rows.Add(activation, loss, Reduction.Sum);
            }
        }

        return rows;
    }

    /// <summary>
    /// The activation stands on the hidden layers (without and with bias), and on the last one where the loss allows it.
    /// Softmax, which has no place on a hidden layer, is tried over tanh.
    /// </summary>
    [Theory]
    [MemberData(nameof(Combinations))]
    public void GradientsAgree(Activation activation, Loss loss, Reduction reduction)
    {
        Activation hidden = activation == Activation.Softmax ? Activation.Tanh : activation;
        Activation output = loss switch
        {
            Loss.CrossEntropy => Activation.Softmax,
            Loss.BinaryCrossEntropy => Activation.Sigmoid,
            _ => activation,
        };
        var spec = new NetworkSpec(3, [new DenseSpec(5, hidden) { Bias = false }, new DenseSpec(4, hidden), new DenseSpec(3, output)])
        {
            Loss = loss,
            Reduction = reduction,
        };

        const int samples = 4;
        var network = new ReferenceNetwork(spec, seed: 7);
        var random = new Random(1);
        double[] parameters = Draw(random, network.ParameterCount, 1.5);
        double[] x = Draw(random, samples * 3, 2);
        double[] t = Targets(random, samples, 3, loss);
        network.LoadParameters(parameters);

        var gradient = new double[parameters.Length];
        var inputGradient = new double[x.Length];
        double value = network.Backward(x, t, gradient, inputGradient);
        Check.Close(network.ComputeLoss(x, t), value, 1e-15);

        AssertDerivatives(parameters, gradient, () =>
        {
            network.LoadParameters(parameters);
            return network.ComputeLoss(x, t);
        });
        AssertDerivatives(x, inputGradient, () => network.ComputeLoss(x, t));
    }

    private static void AssertDerivatives(double[] variables, double[] derivatives, Func<double> compute)
    {
        for (int i = 0; i < variables.Length; i++)
        {
            double kept = variables[i];
            variables[i] = kept + H;
            double above = compute();
            variables[i] = kept - H;
            double below = compute();
            variables[i] = kept;
            compute();
            Check.Close((above - below) / (2 * H), derivatives[i], Tolerance, $"derivative {i}");
        }
    }

    private static double[] Draw(Random random, int count, double limit) =>
        Enumerable.Range(0, count).Select(_ => limit * (2 * random.NextDouble() - 1)).ToArray();

    /// <summary>Probabilities for the classification losses (for cross-entropy they sum to 1), else any numbers.</summary>
    private static double[] Targets(Random random, int samples, int outputs, Loss loss)
    {
        if (loss is not (Loss.CrossEntropy or Loss.BinaryCrossEntropy))
            return Draw(random, samples * outputs, 2);

        double[] targets = Enumerable.Range(0, samples * outputs).Select(_ => random.NextDouble()).ToArray();
        for (int s = 0; loss == Loss.CrossEntropy && s < samples; s++)
        {
            double sum = targets.Skip(s * outputs).Take(outputs).Sum();
            for (int k = 0; k < outputs; k++)
                targets[s * outputs + k] /= sum;
        }

        return targets;
    }
}
