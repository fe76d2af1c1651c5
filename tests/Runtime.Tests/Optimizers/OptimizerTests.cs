using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Backprop.Kernels;
using Backprop.Numerics;
using Backprop.Optimizers;
using Backprop.Tests.Numerics;

namespace Backprop.Tests.Optimizers;

/// <summary>
/// Every optimizer against PyTorch's update rule, written for one parameter in double, over steps of random gradients; and
/// what all optimizers have in common.
/// </summary>
public sealed class OptimizerTests
{
    private const int Length = 96;
    private const int Steps = 20;

    public static TheoryData<float, float> MomentumAndDecay => new() { { 0f, 0f }, { 0.9f, 0f }, { 0f, 0.05f }, { 0.8f, 0.1f } };

    [Theory]
    [MemberData(nameof(MomentumAndDecay))]
    public void Sgd_follows_its_rule(float momentum, float weightDecay)
    {
        Check(new Sgd { LearningRate = 0.05f, Momentum = momentum, WeightDecay = weightDecay }, Rule(nesterov: false));
        if (momentum > 0) Check(new Sgd { LearningRate = 0.05f, Momentum = momentum, WeightDecay = weightDecay, Nesterov = true }, Rule(nesterov: true));

        ScalarRule Rule(bool nesterov) => (step, rate, w, g, state) =>
        {
            g += weightDecay * w;
            if (momentum == 0) return w - rate * g;
            state[0] = step == 1 ? g : momentum * state[0] + g;
            return w - rate * (nesterov ? g + momentum * state[0] : state[0]);
        };
    }

    [Theory]
    [InlineData(0.9f, 0.999f, 1e-8f, 0f)]
    [InlineData(0.5f, 0.9f, 1e-3f, 0.1f)]
    [InlineData(0f, 0f, 1e-2f, 0f)]
    public void Adam_follows_its_rule(float beta1, float beta2, float epsilon, float weightDecay) =>
        Check(
            new Adam { LearningRate = 0.02f, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay },
            (step, rate, w, g, state) => w - rate * AdamDirection(step, g + weightDecay * w, state, beta1, beta2, epsilon));

    [Theory]
    [InlineData(0.9f, 0.999f, 1e-8f, 0f)]
    [InlineData(0.5f, 0.9f, 1e-3f, 0.1f)]
    public void AdamW_shrinks_the_parameters_apart_from_the_gradient(float beta1, float beta2, float epsilon, float weightDecay) =>
        Check(
            new AdamW { LearningRate = 0.02f, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = weightDecay },
            (step, rate, w, g, state) => w * (1 - rate * weightDecay) - rate * AdamDirection(step, g, state, beta1, beta2, epsilon));

    [Theory]
    [MemberData(nameof(MomentumAndDecay))]
    public void RmsProp_follows_its_rule(float momentum, float weightDecay)
    {
        const float alpha = 0.95f, epsilon = 1e-4f;
        Check(
            new RmsProp { LearningRate = 0.02f, Alpha = alpha, Epsilon = epsilon, Momentum = momentum, WeightDecay = weightDecay },
            (_, rate, w, g, state) =>
            {
                g += weightDecay * w;
                state[0] = alpha * state[0] + (1.0 - alpha) * g * g;
                state[1] = momentum * state[1] + g / (Math.Sqrt(state[0]) + epsilon);
                return w - rate * state[1];
            });
    }

    [Theory]
    [InlineData(1e-10f, 0f)]
    [InlineData(1e-2f, 0.1f)]
    public void AdaGrad_follows_its_rule(float epsilon, float weightDecay) =>
        Check(
            new AdaGrad { LearningRate = 0.1f, Epsilon = epsilon, WeightDecay = weightDecay },
            (_, rate, w, g, state) =>
            {
                g += weightDecay * w;
                state[0] += g * g;
                return w - rate * g / (Math.Sqrt(state[0]) + epsilon);
            });

    [Fact]
    public void Defaults_are_PyTorchs()
    {
        var sgd = new Sgd();
        Assert.Equal((0.001f, 0f, false, 0f), (sgd.LearningRate, sgd.Momentum, sgd.Nesterov, sgd.WeightDecay));
        var adam = new Adam();
        Assert.Equal((0.001f, 0.9f, 0.999f, 1e-8f, 0f), (adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay));
        var adamW = new AdamW();
        Assert.Equal((0.001f, 0.9f, 0.999f, 1e-8f, 0.01f), (adamW.LearningRate, adamW.Beta1, adamW.Beta2, adamW.Epsilon, adamW.WeightDecay));
        var rms = new RmsProp { LearningRate = 0.5f };
        Assert.Equal((0.5f, 0.99f, 1e-8f, 0f, 0f), (rms.LearningRate, rms.Alpha, rms.Epsilon, rms.Momentum, rms.WeightDecay));
        var adaGrad = new AdaGrad();
        Assert.Equal((0.01f, 1e-10f, 0f), (adaGrad.LearningRate, adaGrad.Epsilon, adaGrad.WeightDecay));
    }

    [Fact]
    public void Padding_stays_zero()
    {
        CheckPadding(new Sgd { Momentum = 0.9f, Nesterov = true, WeightDecay = 0.1f });
        CheckPadding(new Sgd { WeightDecay = 0.1f });
        CheckPadding(new Adam { WeightDecay = 0.1f });
        CheckPadding(new AdamW());
        CheckPadding(new RmsProp { Momentum = 0.9f, WeightDecay = 0.1f });
        CheckPadding(new AdaGrad { WeightDecay = 0.1f });
    }

    [Fact]
    public void An_optimizer_belongs_to_one_network()
    {
        CheckBinding(new Sgd());
        CheckBinding(new Adam());
        CheckBinding(new AdamW());
        CheckBinding(new RmsProp());
        CheckBinding(new AdaGrad());
    }

    [Fact]
    public void Only_the_first_step_allocates()
    {
        CheckAllocation(new Sgd { Momentum = 0.9f });
        CheckAllocation(new Adam());
        CheckAllocation(new AdamW());
        CheckAllocation(new RmsProp { Momentum = 0.9f });
        CheckAllocation(new AdaGrad());
    }

    [Fact]
    public void A_product_of_one_sample_steps_as_its_numbers_do()
    {
        CheckProducts(new Sgd { LearningRate = 0.1f, WeightDecay = 0.1f });
        CheckProducts(new Sgd { LearningRate = 0.1f, Momentum = 0.9f, Nesterov = true, WeightDecay = 0.1f });
        CheckProducts(new Adam { LearningRate = 0.1f, WeightDecay = 0.1f });
        CheckProducts(new AdamW { LearningRate = 0.1f });
        CheckProducts(new RmsProp { LearningRate = 0.1f, WeightDecay = 0.1f });
        CheckProducts(new RmsProp { LearningRate = 0.1f, Momentum = 0.9f });
        CheckProducts(new AdaGrad { LearningRate = 0.1f, WeightDecay = 0.1f });
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-0.5f)]
    [InlineData(float.PositiveInfinity)]
    public void Impossible_hyper_parameters_are_refused_by_name(float wrong)
    {
        Refused(new Sgd { LearningRate = wrong }, "LearningRate");
        Refused(new Sgd { Momentum = wrong }, "Momentum");
        Refused(new Sgd { WeightDecay = wrong }, "WeightDecay");
        Refused(new Adam { LearningRate = wrong }, "LearningRate");
        Refused(new Adam { Beta1 = wrong }, "Beta1");
        Refused(new Adam { Beta2 = wrong }, "Beta2");
        Refused(new Adam { Epsilon = wrong }, "Epsilon");
        Refused(new Adam { WeightDecay = wrong }, "WeightDecay");
        Refused(new AdamW { LearningRate = wrong }, "LearningRate");
        Refused(new AdamW { Beta1 = wrong }, "Beta1");
        Refused(new AdamW { Beta2 = wrong }, "Beta2");
        Refused(new AdamW { Epsilon = wrong }, "Epsilon");
        Refused(new AdamW { WeightDecay = wrong }, "WeightDecay");
        Refused(new RmsProp { LearningRate = wrong }, "LearningRate");
        Refused(new RmsProp { Alpha = wrong }, "Alpha");
        Refused(new RmsProp { Epsilon = wrong }, "Epsilon");
        Refused(new RmsProp { Momentum = wrong }, "Momentum");
        Refused(new RmsProp { WeightDecay = wrong }, "WeightDecay");
        Refused(new AdaGrad { LearningRate = wrong }, "LearningRate");
        Refused(new AdaGrad { Epsilon = wrong }, "Epsilon");
        Refused(new AdaGrad { WeightDecay = wrong }, "WeightDecay");
    }

    [Fact]
    public void Limits_of_the_ranges_are_refused()
    {
        Refused(new Sgd { Nesterov = true }, "Momentum");
        Refused(new Adam { Beta1 = 1f }, "Beta1");
        Refused(new Adam { Beta2 = 1f }, "Beta2");
        Refused(new Adam { Epsilon = 0f }, "Epsilon");
        Refused(default(Adam), "Epsilon");
        Refused(new RmsProp { Alpha = 1f }, "Alpha");
        Refused(new RmsProp { Epsilon = 0f }, "Epsilon");
        Refused(new AdaGrad { Epsilon = 0f }, "Epsilon");
    }

    private delegate double ScalarRule(int step, double learningRate, double parameter, double gradient, double[] state);

    private static double AdamDirection(int step, double g, double[] state, double beta1, double beta2, double epsilon)
    {
        state[0] = beta1 * state[0] + (1 - beta1) * g;
        state[1] = beta2 * state[1] + (1 - beta2) * g * g;
        var mean = state[0] / (1 - Math.Pow(beta1, step));
        var meanSquare = state[1] / (1 - Math.Pow(beta2, step));
        return mean / (Math.Sqrt(meanSquare) + epsilon);
    }

    /// <summary>Steps by a·δᵀ, formed in registers, and by the same numbers in memory: the bits are the same.</summary>
    private static void CheckProducts<TOptimizer>(TOptimizer optimizer) where TOptimizer : struct, IOptimizer =>
        Widths.ForEach(new ProductCheck<TOptimizer>(optimizer));

    private readonly record struct ProductCheck<TOptimizer>(TOptimizer Optimizer) : IWidthCheck where TOptimizer : struct, IOptimizer
    {
        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            const int offset = 16;
            var network = new object();
            var random = new Random(11);
            foreach ((int rows, int width) in ((int, int)[])[(5, TLanes.Count), (3, 2 * TLanes.Count), (1, 3 * TLanes.Count), (2, 4 * TLanes.Count)])
            {
                int count = rows * width;
                TOptimizer byProducts = Optimizer, byNumbers = Optimizer;
                AlignedBuffer expected = new(offset + count), actual = new(offset + count), gradient = new(count);
                foreach (ref var w in expected.Span) w = random.NextSingle() - 0.5f;
                expected.Span.CopyTo(actual.Span);
                for (var step = 0; step < 3; step++)
                {
                    float[] a = [.. Enumerable.Range(0, rows).Select(_ => random.NextSingle() - 0.5f)];
                    float[] delta = [.. Enumerable.Range(0, width).Select(_ => random.NextSingle() - 0.5f)];
                    for (var i = 0; i < count; i++) gradient.Span[i] = a[i / width] * delta[i % width];
                    byNumbers.BeginStep(network, offset + count);
                    byNumbers.Update(ref expected.Span[offset], ref gradient.Reference, offset, count);

                    byProducts.BeginStep(network, offset + count);
                    Assert.True(ElementwiseUpdate.TryRun<TOptimizer, TLanes>(
                        ref byProducts, ref actual.Span[offset], offset, new OuterProduct(ref a[0], rows, ref delta[0], width)));
                }

                for (var i = 0; i < expected.Length; i++) Assert.Equal(expected.Span[i], actual.Span[i], Fma.IsSupported || AdvSimd.IsSupported ? 0f : 1e-6f);
            }
        }
    }

    [Theory]
    [InlineData(0.9f)]
    [InlineData(0.99f)]
    public void What_is_remembered_of_a_parameter_without_gradient_ends_at_zero(float decay)
    {
        Dies(new Sgd { Momentum = decay });
        Dies(new Adam { Beta1 = decay, Beta2 = decay });
        Dies(new AdamW { Beta1 = decay, Beta2 = decay });
        Dies(new RmsProp { Alpha = decay, Momentum = decay });

        // After the first step the gradient is 0. Once the means are 0 too, nothing moves: not by the smallest subnormal, on which a
        // mean would settle, since 0.9 of it is rounded back to it.
        static void Dies<TOptimizer>(TOptimizer optimizer) where TOptimizer : struct, IOptimizer
        {
            var network = new object();
            AlignedBuffer parameters = new(Length), gradient = new(Length);
            gradient.Span.Fill(1f);
            for (var step = 0; step < 12_000; step++)
            {
                Step(ref optimizer, network, parameters, gradient);
                gradient.Span.Clear();
            }

            parameters.Span.Clear();
            optimizer.LearningRate = float.MaxValue;
            Step(ref optimizer, network, parameters, gradient);
            Assert.All(parameters.Span.ToArray(), w => Assert.Equal(0f, w));
        }
    }

    /// <summary>
    /// Random gradients in unequal blocks a step, as those of narrow layers no whole number of the widest vectors; the learning
    /// rate halved midway.
    /// </summary>
    private static void Check<TOptimizer>(TOptimizer optimizer, ScalarRule rule) where TOptimizer : struct, IOptimizer
    {
        var random = new Random(20240607);
        var network = new object();
        var parameters = new AlignedBuffer(Length);
        var gradient = new AlignedBuffer(Length);
        foreach (ref var w in parameters.Span) w = random.NextSingle() - 0.5f;
        var expected = Array.ConvertAll(parameters.Span.ToArray(), w => (double)w);
        var state = Enumerable.Range(0, Length).Select(_ => new double[2]).ToArray();
        for (var step = 1; step <= Steps; step++)
        {
            if (step == Steps / 2) optimizer.LearningRate /= 2;
            foreach (ref var g in gradient.Span) g = 2 * random.NextSingle() - 1;
            for (var i = 0; i < Length; i++) expected[i] = rule(step, optimizer.LearningRate, expected[i], gradient.Span[i], state[i]);

            optimizer.BeginStep(network, Length);
            optimizer.Update(ref parameters.Span[64], ref gradient.Span[64], 64, 32);
            optimizer.Update(ref parameters.Span[0], ref gradient.Span[0], 0, 44);
            optimizer.Update(ref parameters.Span[44], ref gradient.Span[44], 44, 20);
            for (var i = 0; i < Length; i++) Assert.Equal(expected[i], parameters.Span[i], 3e-6);
        }
    }

    private static void CheckPadding<TOptimizer>(TOptimizer optimizer) where TOptimizer : struct, IOptimizer
    {
        var network = new object();
        var parameters = new AlignedBuffer(Length);
        var gradient = new AlignedBuffer(Length);
        for (var step = 0; step < 5; step++)
        {
            optimizer.BeginStep(network, Length);
            optimizer.Update(ref parameters.Reference, ref gradient.Reference, 0, Length);
        }

        Assert.All(parameters.Span.ToArray(), w => Assert.Equal(0f, w));
    }

    private static void CheckBinding<TOptimizer>(TOptimizer optimizer) where TOptimizer : struct, IOptimizer
    {
        var network = new object();
        optimizer.BeginStep(network, Length);
        optimizer.BeginStep(network, Length);
        Assert.Throws<InvalidOperationException>(() => optimizer.BeginStep(new object(), Length));
        var copy = optimizer;
        Assert.Throws<InvalidOperationException>(() => copy.BeginStep(new object(), Length));
        optimizer.BeginStep(network, Length);
    }

    private static void CheckAllocation<TOptimizer>(TOptimizer optimizer) where TOptimizer : struct, IOptimizer
    {
        var network = new object();
        var parameters = new AlignedBuffer(Length);
        var gradient = new AlignedBuffer(Length);
        Step(ref optimizer, network, parameters, gradient);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Step(ref optimizer, network, parameters, gradient);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Step<TOptimizer>(ref TOptimizer optimizer, object network, AlignedBuffer parameters, AlignedBuffer gradient)
        where TOptimizer : struct, IOptimizer
    {
        optimizer.BeginStep(network, Length);
        optimizer.Update(ref parameters.Reference, ref gradient.Reference, 0, Length);
    }

    private static void Refused<TOptimizer>(TOptimizer optimizer, string name) where TOptimizer : struct, IOptimizer
    {
        var exception = Assert.Throws<ArgumentException>(() => optimizer.BeginStep(new object(), Length));
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        Assert.Equal(name, exception.ParamName);
    }
}
