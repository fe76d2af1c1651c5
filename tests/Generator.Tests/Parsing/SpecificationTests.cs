using Backprop;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Parsing;

/// <summary>What is written in the attributes is what is parsed.</summary>
public class SpecificationTests
{
    private static NetworkSpec Parse(string attributes) =>
        GeneratorHarness.Run($"using Backprop; {attributes} partial class Net {{ const int N = 4; }} static class K {{ public const int Wide = 30 + 2; public const Activation Act = Activation.Mish; }}").Network.Spec;

    [Fact]
    public void Defaults_are_those_of_the_attributes() =>
        Assert.Equal(new NetworkSpec(5, [new DenseSpec(3)]), Parse("[Network(5)] [Dense(3)]"));

    [Fact]
    public void Every_argument_is_read() =>
        Assert.Equal(
            new NetworkSpec(64, [new DenseSpec(32, Activation.ReLU) { Bias = false, Initializer = Initializer.HeNormal }, new DenseSpec(10, Activation.Softmax)])
            {
                Loss = Loss.CrossEntropy,
                Reduction = Reduction.Sum,
                BatchSize = 16,
                Unroll = Unroll.Tiled,
            },
            Parse("""
                [Network(64, Loss = Loss.CrossEntropy, Reduction = Reduction.Sum, BatchSize = 16, Unroll = Unroll.Tiled)]
                [Dense(32, Activation.ReLU, Bias = false, Initializer = Initializer.HeNormal)]
                [Dense(10, Activation.Softmax)]
                """));

    [Theory]
    [InlineData("[Network(2)] [Dense(7)] [Dense(5)] [Dense(6)]")]
    [InlineData("[Network(2), Dense(7), Dense(5), Dense(6)]")]
    [InlineData("[Dense(7), Dense(5)] [Network(2), Dense(6)]")]
    [InlineData("[Dense(7)] [System.Obsolete, Dense(5)] [type: Dense(6)] [Network(2)]")]
    [InlineData("[NetworkAttribute(2)] [global::Backprop.DenseAttribute(7)] [Backprop.Dense(5)] [Dense(6)]")]
    public void Layers_are_in_the_order_of_the_source(string attributes) =>
        Assert.Equal([7, 5, 6], Parse(attributes).Layers.Select(layer => layer.Units));

    [Theory]
    [InlineData("[Dense(activation: Activation.Mish, units: 32)]")]
    [InlineData("[Dense(units: 32, Activation.Mish)]")]
    [InlineData("[Dense(K.Wide, K.Act)]")]
    [InlineData("[Dense(Net.N * 8, (Activation)11)]")]
    [InlineData("[Dense(0x20, Activation.Mish, Bias = true)]")]
    [InlineData("[Dense(' ', activation: K.Act)]")]
    [InlineData("[Dense((byte)32, Activation.SELU + 5)]")]
    public void Arguments_may_be_named_and_constants(string layer) =>
        Assert.Equal(new DenseSpec(32, Activation.Mish), Parse($"[Network(1)] {layer}").Layers.Single());

    [Fact]
    public void Every_activation_and_loss_is_read()
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
            Assert.Equal(activation, Parse($"[Network(1)] [Dense(2, Activation.{activation})]").Layers.Single().Activation);
        foreach (Loss loss in Enum.GetValues<Loss>())
        {
            Activation output = loss switch { Loss.CrossEntropy => Activation.Softmax, Loss.BinaryCrossEntropy => Activation.Sigmoid, _ => Activation.Tanh };
            Assert.Equal(loss, Parse($"[Network(1, Loss = Loss.{loss})] [Dense(2, Activation.{output})]").Loss);
        }
    }

    /// <summary>Both sides compile one source, but the attributes hold the runtime's numbers.</summary>
    [Fact]
    public void Aliases_of_the_attributes_are_seen() =>
        Assert.Equal(9, GeneratorHarness.Run("using L = Backprop.DenseAttribute; using N = Backprop.NetworkAttribute; [N(9)] [L(1)] partial class Net;").Network.Spec.Inputs);
}
